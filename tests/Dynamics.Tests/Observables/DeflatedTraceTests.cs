using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>The trace with the leading pairs taken exactly, against the dense Hessian.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class DeflatedTraceTests
{
    [Property]
    public void Of_AllPairs_IsExact(Seed seed, Size size)
    {
        var (surface, theta) = Instance(seed, size);
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        var estimate = DeflatedTrace.Of(surface, theta, Frame(values, vectors, values.Length), 3, seed.Random());
        // What is left of a probe is rounding, about n u |z|, and its square is below the rounding of the sum of n eigenvalues.
        Near.Equal(
            values.Sum(),
            estimate.Value,
            100 * values.Length * Near.Roundoff * values.Max(x => Math.Abs(x)),
            "trace"
        );
        Near.Equal(
            0,
            estimate.StandardError,
            100 * values.Length * Near.Roundoff * values.Max(x => Math.Abs(x)),
            "standard error"
        );
    }

    [Property(MaxTest = 10)]
    public void Of_SomePairs_HasTheMeanAndTheVarianceOfWhatTheyLeave(Seed seed, Size size, Size leading)
    {
        const int probes = 4000;
        var (surface, theta) = Instance(seed, size);
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        var k = 1 + (leading.Value % (values.Length - 1));
        var estimate = DeflatedTrace.Of(surface, theta, Frame(values, vectors, k), probes, seed.Random());
        // One probe is sum_{i > k} lambda_i x_i^2, x_i normal: variance 2 sum lambda_i^2. Six standard errors for the mean; the sample deviation of such a sum is right to
        // sqrt((kurtosis - 1) / (4 n)), at most sqrt(14 / 16000) = 3 % for a single chi-square, whose tail is long: 10 of those.
        var deviation = Math.Sqrt(2 * values[k..].Sum(x => x * x) / probes);
        Near.Equal(values.Sum(), estimate.Value, 6 * deviation, "trace");
        Near.Equal(deviation, estimate.StandardError, 0.3 * deviation, "standard error");
    }

    [Property(MaxTest = 10)]
    public void Of_AnyOrthonormalFrame_HasNoBias(Seed seed, Size size)
    {
        const int probes = 4000;
        var (surface, theta) = Instance(seed, size);
        var hessian = surface.Hessian(theta);
        var n = theta.Length;
        var columns = SymmetricMatrices.Orthogonal(seed.Random(), n);
        double[] v = [.. Enumerable.Range(0, n).Select(i => columns[i, 0])];
        var quotient = Enumerable.Range(0, n).Sum(i => Enumerable.Range(0, n).Sum(j => v[i] * hessian[i, j] * v[j]));
        var estimate = DeflatedTrace.Of(surface, theta, Frame([quotient], [v], 1), probes, seed.Random());
        Near.Equal(
            Enumerable.Range(0, n).Sum(i => hessian[i, i]),
            estimate.Value,
            (6 * estimate.StandardError) + 1e-12,
            "trace"
        );
    }

    private static (QuarticSurface Surface, double[] Theta) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 6);
        return (Draw.Surface(random, n), Draw.Vector(random, n, 0.5));
    }

    private static EigenFrame<double[]> Frame(double[] values, double[][] vectors, int count)
    {
        var frame = new EigenFrame<double[]>(new DenseSpace(vectors[0].Length), count);
        for (var i = 0; i < count; i++)
        {
            frame.Values[i] = values[i];
            vectors[i].CopyTo(frame.Vectors[i], 0);
        }

        return frame;
    }
}
