using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>The jet (4.7).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class JetTests
{
    [Property]
    public void Measure_AnySurface_AgreesWithTheDenseTwin(Seed seed, Size size, Size lanczos)
    {
        var (surface, theta) = Instance(seed, size);
        var jet = Jet.Measure(surface, theta, 4, new LanczosOptions(1e-6), lanczos.Value);
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        var v = vectors[0];
        // v_1 is right to n u |H| / gap, moments of order 0.1 in it likewise.
        var tolerance = 1e3 * theta.Length * Near.Roundoff / Math.Min(1, jet.Gap);
        Near.Equal(surface.Loss(theta), jet.Loss, tolerance, "loss");
        Near.Equal(values[0], jet.Sharpness, tolerance, "S = m_2");
        Near.Equal(values[^1], jet.Trailing, tolerance, "trailing");
        Near.Equal(
            values.Length > 1 ? values[0] - values[1] : 0,
            double.IsInfinity(jet.Gap) ? 0 : jet.Gap,
            tolerance,
            "gap"
        );
        Assert.Equal(values.Length == 1, double.IsInfinity(jet.Gap));
        var slopes = Slopes(surface, theta, v);
        // v and -v are the same eigenvector: even products of odd orders survive, the rest change sign.
        var sign = SymmetricMatrices.Dot(v, surface.Gradient(theta)) * jet.Moments[0] < 0 ? -1 : 1;
        for (var j = 1; j <= 4; j++)
        {
            var turn = j % 2 == 1 ? sign : 1;
            Near.Equal(Value(surface, theta, v, j), turn * jet.Moments[j - 1], tolerance, $"m_{j}");
            Near.Equal(-SymmetricMatrices.Dot(slopes[j], slopes[0]), turn * jet.Drift[j - 1], tolerance, $"a_{j}");
            for (var k = 1; k <= 4; k++)
                Near.Equal(
                    SymmetricMatrices.Dot(slopes[j], slopes[k]),
                    ((j + k) % 2 == 1 ? sign : 1) * jet.Gram[j - 1, k - 1],
                    tolerance,
                    $"G_{j}{k}"
                );
        }

        Near.Equal(SymmetricMatrices.Dot(slopes[0], slopes[0]), jet.SquaredGradient, tolerance, "|grad V|^2");
    }

    [Property]
    public void Measure_AnySurface_GivesAGramMatrixSymmetricAndPositiveSemidefinite(Seed seed, Size size)
    {
        var (surface, theta) = Instance(seed, size);
        var gram = Jet.Measure(surface, theta, 5, new LanczosOptions()).Gram;
        for (var j = 0; j < 5; j++)
        for (var k = 0; k < j; k++)
            Assert.Equal(gram[j, k], gram[k, j]);
        var (values, _) = SymmetricMatrices.Eigen(gram);
        // Entries err by n u of their size, eigenvalues by 5 times that.
        Assert.True(
            values[^1] >= -64 * theta.Length * Near.Roundoff * Near.Scale(values),
            $"smallest eigenvalue {values[^1]}"
        );
    }

    [Property]
    public void Along_ReversedDirection_FlipsOddMomentsAndLeavesTheForecastSharpness(Seed seed, Size size)
    {
        var (surface, theta) = Instance(seed, size);
        var v = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
        using var point = surface.At(theta);
        Jet plus = Jet.Along(surface, point, v, 6, 0, 1),
            minus = Jet.Along(surface, point, [.. v.Select(x => -x)], 6, 0, 1);
        // Signs are exact in floating point.
        for (var k = 1; k <= 6; k++)
        {
            var sign = k % 2 == 1 ? -1 : 1;
            Assert.Equal(sign * plus.Moments[k - 1], minus.Moments[k - 1]);
            Assert.Equal(sign * plus.Drift[k - 1], minus.Drift[k - 1]);
        }

        for (var order = 2; order <= 6; order++)
        {
            var theory = new CurvatureMomentTheory(order);
            Forecast forward = theory.Predict(plus, 0.3, 20),
                mirrored = theory.Predict(minus, 0.3, 20);
            Assert.Equal(forward.Sharpness, mirrored.Sharpness);
            Assert.Equal(forward.Loss, mirrored.Loss);
            Assert.Equal(forward.Validity, mirrored.Validity);
            Assert.Equal(forward.Displacement, mirrored.Displacement.Select(u => -u));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Measure_OrderOutsideRange_NamesIt(int order)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Jet.Measure(Draw.Surface(new Random(1), 2), [0, 0], order, new LanczosOptions())
        );
        Assert.Contains(
            $"order is {order}; it must be a whole number from 2 to 6",
            error.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>grad V and grad m_k, each projected off v, from the dense tensors.</summary>
    private static double[][] Slopes(QuarticSurface surface, double[] theta, double[] v)
    {
        double[][] slopes =
        [
            surface.Gradient(theta),
            SymmetricMatrices.Times(surface.Hessian(theta), v),
            Contracted(surface.Third(theta), v, 2),
            Contracted(surface.Quartic, v, 3),
            new double[v.Length],
        ];
        return [.. slopes.Select(g => Differences.Along(g, v, -SymmetricMatrices.Dot(g, v)))];
    }

    private static double Value(QuarticSurface surface, double[] theta, double[] v, int order) =>
        order switch
        {
            1 => SymmetricMatrices.Dot(surface.Gradient(theta), v),
            2 => SymmetricMatrices.Dot(SymmetricMatrices.Times(surface.Hessian(theta), v), v),
            3 => Contracted(surface.Third(theta), v, 3)[0],
            _ => Contracted(surface.Quartic, v, 4)[0],
        };

    private static double[] Contracted(double[] tensor, double[] v, int times) =>
        Enumerable.Repeat(v, times).Aggregate(tensor, QuarticSurface.Contracted);

    private static (QuarticSurface Surface, double[] Theta) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 5);
        return (Draw.Surface(random, n), Draw.Vector(random, n, 0.5));
    }
}
