using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Observables;

/// <summary>Critical sharpness (9.3) against closed forms, what it costs, and where there is none.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class CriticalSharpnessTests
{
    private static readonly string[] Critical = ["critical-sharpness", "gradient-alignment"];

    // Half of a bracket of 1/16 over its lower end, and the first power beyond for the inverse: (9.3).
    private const double Bracket = 1.0 / 29;

    [Property]
    public void Measure_GradientDescentOnAQuadratic_IsTheRayleighQuotientOfTheGradient(
        Seed seed,
        Size n,
        LogUniform sharpness,
        LogUniform push,
        LogUniform distance
    )
    {
        var random = seed.Random();
        var scale = sharpness.In(1e-12, 1e12);
        double[] spectrum = [.. Enumerable.Range(0, n.Value).Select(_ => scale * (1 - random.NextDouble()))];
        var bowl = QuadraticBowl.WithSpectrum(spectrum, seed.Value);
        double[] start = [.. RandomLandscapes.Vector(random, n.Value, 1).Select(x => x * distance.In(1e-12, 1e12))];
        // Up to a million times the right step size or below it.
        var stepSize = push.In(1e-6, 1e6) / scale;
        var (series, _) = Requested.Run(bowl, start, OptimiserSpec.GradientDescent, stepSize, 0, Critical);
        var gradient = Requested.Gradient(bowl, start);
        var expected = Requested.Form(bowl, start, gradient, gradient) / Requested.Dot(gradient, gradient);
        Near.Equal(expected, series[Columns.CriticalSharpness][0], Bracket * expected, "critical sharpness");
        Near.Equal(
            series[Columns.CriticalSharpness][0] / series[Columns.Sharpness][0],
            series[Columns.CriticalRatio][0],
            4 * Near.Roundoff,
            "ratio"
        );
        Assert.True(series[Columns.CriticalRatio][0] <= 1 + Bracket);
        Assert.Equal(series[Columns.MeasurementForwardPasses][0], series[Columns.CriticalPasses][0]);
        // A doubling for each factor of 2 of the step size and two more to close the bracket, and four bisections.
        var factors = Math.Abs(Math.Log2(2 / expected / stepSize));
        Assert.InRange(series[Columns.CriticalPasses][0], 5, 7 + factors);
        var length = Math.Sqrt(Requested.Dot(gradient, gradient));
        var leading =
            Requested.Form(bowl, start, gradient, gradient) / (length * length * series[Columns.Sharpness][0]);
        // (g . v_1)^2 <= g . H g / lambda_1 on a quadratic without negative eigenvalues; Lanczos has v_1 to about the
        // root of the roundoff where eigenvalues are close.
        Assert.InRange(series[Columns.GradientAlignment][0], 0, Math.Min(1, Math.Sqrt(leading) + 1e-6));
    }

    [Fact]
    public void Measure_NoCurvatureToStopTheFall_FindsNoneAndSaysWhatItTried()
    {
        // A saddle, downhill for ever.
        var (series, _) = Requested.Run(
            QuadraticBowl.WithSpectrum([1, -1]),
            [0, 1],
            OptimiserSpec.GradientDescent,
            0.1,
            0,
            Critical
        );
        Assert.True(double.IsNaN(series[Columns.CriticalSharpness][0]));
        Assert.True(double.IsNaN(series[Columns.CriticalRatio][0]));
        // Once at the run's own step, and 40 doublings.
        Assert.Equal(41, series[Columns.CriticalPasses][0]);
    }

    [Fact]
    public void Measure_MomentumUphill_FindsNoneAndTriesNothing()
    {
        var bowl = QuadraticBowl.WithSpectrum([1]);
        var (series, path) = Requested.Run(
            bowl,
            [1],
            OptimiserSpec.Of("momentum").With("momentum", 0.95),
            0.1,
            40,
            Critical
        );
        // Beyond the minimum the momentum carries on: theta and d have opposite signs.
        int[] uphill =
        [
            .. Enumerable.Range(0, path.Length - 1).Where(t => path[t][0] * (path[t][0] - path[t + 1][0]) < 0),
        ];
        Assert.NotEmpty(uphill);
        for (var t = 0; t + 1 < path.Length; t++)
        {
            var none = uphill.Contains(t);
            Assert.Equal(none, double.IsNaN(series[Columns.CriticalSharpness][t]));
            Assert.Equal(none, series[Columns.CriticalPasses][t] == 0);
            // u . H u / (g . u) = d / (eta theta) in one dimension.
            var expected = (path[t][0] - path[t + 1][0]) / (0.1 * path[t][0]);
            if (!none)
                Near.Equal(expected, series[Columns.CriticalSharpness][t], Bracket * expected, $"step {t}");
        }
    }

    [Fact]
    public void Measure_QuarticValley_FindsWhereTheLossRisesAndNotTheCurvatureHere()
    {
        // L = x^4 / 4 from x = 1: L rises again at x - eta g = -1, so that eta_c = 2 where the Hessian says 2/3.
        var quartic = new FormulaLandscape<Power>("quartic", new Power(), 1);
        var (series, _) = Requested.Run(quartic, [1], OptimiserSpec.GradientDescent, 0.1, 0, Critical);
        Near.Equal(1, series[Columns.CriticalSharpness][0], Bracket, "critical sharpness");
        Near.Equal(3, series[Columns.Sharpness][0], 1e-12, "sharpness");
    }

    private readonly struct Power : ILossFunction
    {
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T> => (T)0.25 * (theta[0] * theta[0] * theta[0] * theta[0]);
    }
}
