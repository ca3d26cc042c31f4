using FlatBias.Dynamics.Forecasting;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>The way to an instability on quadratics, where every step is known.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class ApproachTests
{
    private const double Push = 2.1,
        Below = 0.3;
    private const int Steps = 20;

    /// <summary>|u| starts at (1 - 0.3)^20 of its first value and grows by 1.1 a step, until it is the excursion.</summary>
    [Property]
    public void Run_Quadratic_StopsAtTheFirstExcursion(Seed seed, Size size)
    {
        var (surface, start) = Quadratic(seed, size.Value);
        double[] theta = [.. start];
        var options = new ApproachOptions(Below, Steps, Push) { Excursion = 0.05, Tolerance = 1e-10 };

        var outcome = Approach.Run(surface, theta, options, cancellation: Token);

        // The largest eigenvalue is 1 to rounding, which the solver's residual 1e-10 keeps to its square over the gap.
        Near.Equal(Push, outcome.StepSize, 1e-13 * size.Value, "step size");
        Assert.True(outcome.Reached);
        var leading = SymmetricMatrices.Eigen(surface.Hessian(start)).Vectors[0];
        var u = Math.Abs(SymmetricMatrices.Dot(leading, start)) * Math.Pow(1 - Below, Steps);
        var expected = (int)Math.Max(0, Math.Ceiling(Math.Log(0.05 / u) / Math.Log(Push - 1)));
        // Some 100 steps with a few roundings each of what is then at most as long as the start.
        Assert.Equal(Steps + expected, outcome.Steps);
        Near.Equal(
            u * Math.Pow(Push - 1, expected),
            Math.Abs(SymmetricMatrices.Dot(leading, theta)),
            1e-12 * size.Value,
            "u"
        );
    }

    [Fact]
    public void Run_PatienceTooShort_IsNotReached()
    {
        var (surface, start) = Quadratic(new Seed(3), 5);
        var options = new ApproachOptions(Below, Steps, Push, Patience: 2) { Excursion = 1e9 };
        var outcome = Approach.Run(surface, start, options, cancellation: Token);
        Assert.Equal((false, Steps + 2), (outcome.Reached, outcome.Steps));
        Near.Equal(Push, outcome.StepSize, 1e-12, "step size");
    }

    [Fact]
    public void Run_NothingThatCurvesUp_HasNoStepSize()
    {
        var surface = QuarticSurface.Random(new Random(1), [-1, -2], 0, 0);
        double[] theta = [1, 1];
        var outcome = Approach.Run(surface, theta, new ApproachOptions(0.01, 5), cancellation: Token);
        Assert.False(outcome.Reached);
        Assert.True(double.IsNaN(outcome.StepSize));
    }

    [Fact]
    public void Run_DivergesOnTheWay_HasNoStepSize()
    {
        var surface = QuarticSurface.Random(new Random(1), [1, 0.5], 0, 0);
        double[] theta = [1, 1];
        var outcome = Approach.Run(surface, theta, new ApproachOptions(1e9, 1000), cancellation: Token);
        Assert.False(outcome.Reached);
        Assert.True(double.IsNaN(outcome.StepSize));
        Assert.InRange(outcome.Steps, 1, 999);
    }

    [Theory]
    [InlineData("StepSize", 0, 1, 2.1, 1, 1e-3, 1)]
    [InlineData("Steps", 0.1, -1, 2.1, 1, 1e-3, 1)]
    [InlineData("Push", 0.1, 1, double.NaN, 1, 1e-3, 1)]
    [InlineData("Patience", 0.1, 1, 2.1, 0, 1e-3, 1)]
    [InlineData("Excursion", 0.1, 1, 2.1, 1, double.PositiveInfinity, 1)]
    [InlineData("Instability", 0.1, 1, 2.1, 1, 1e-3, 0)]
    public void Run_OptionOutOfRange_IsNamed(
        string name,
        double stepSize,
        int steps,
        double push,
        int patience,
        double excursion,
        int instability
    )
    {
        var (surface, start) = Quadratic(new Seed(1), 2);
        var options = new ApproachOptions(stepSize, steps, push, patience)
        {
            Excursion = excursion,
            Instability = instability,
        };
        var error = Assert.ThrowsAny<ArgumentException>(() =>
            Approach.Run(surface, start, options, cancellation: Token)
        );
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, surface.Cost.GradientEquivalents);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The largest eigenvalue 1, the others below 1/2, so that v_1 alone is unstable past the edge.</summary>
    private static (QuarticSurface Surface, double[] Start) Quadratic(Seed seed, int n)
    {
        var random = seed.Random();
        double[] spectrum = [1, .. Enumerable.Range(1, n - 1).Select(_ => random.NextDouble() / 2)];
        var surface = QuarticSurface.Random(random, spectrum, 0, 0);
        return (surface, [.. Enumerable.Range(0, n).Select(_ => 0.5 + random.NextDouble())]);
    }
}
