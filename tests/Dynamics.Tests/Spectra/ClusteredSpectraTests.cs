using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Spectra;

/// <summary>
/// Equal and nearly equal eigenvalues, of which a Krylov space sees one: they are found, or the frame says that they
/// may be missing, eqs. (10.4) to (10.6).
/// </summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class ClusteredSpectraTests
{
    private const int Dimension = 100;

    [Property(MaxTest = 120)]
    public void Solve_ClusterAtAnyGap_IsFoundOrSaidToBePossiblyMissed(Seed seed, Size pairs, LogUniform tolerance)
    {
        var random = seed.Random();
        var spectrum = Clustered(random);
        var matrix = SymmetricMatrices.WithSpectrum(random, spectrum);
        var (values, _) = SymmetricMatrices.Eigen(matrix);
        using EigenFrame<double[]> first = new(new DenseSpace(Dimension), pairs.Value),
            second = new(new DenseSpace(Dimension), pairs.Value);
        var options = new LanczosOptions(tolerance.In(1e-10, 1e-3));
        Solve(matrix, options, random, first);
        Solve(matrix, options, random, second);
        foreach (var frame in (EigenFrame<double[]>[])[first, second])
        {
            Assert.True(frame.Converged, "not converged");
            if (frame.PossiblyMissed)
                continue;
            // Within the residuals in the sense of Parlett 1998, section 11.5; the dense solver errs by n u |H|.
            var bound = Math.Sqrt(2 * frame.Residuals.Sum(r => r * r)) + (8 * Dimension * Near.Roundoff * 10);
            for (var i = 0; i < frame.Count; i++)
                Near.Equal(values[i], frame.Values[i], bound, $"value {i}");
            // The bound itself may fail once in a million searches.
            Assert.True(
                values[frame.Count] <= frame.NextBound + (8 * Dimension * Near.Roundoff * 10),
                $"lambda_(k+1) = {values[frame.Count]:R} is above its bound {frame.NextBound:R}"
            );
        }

        // The same matrix twice: whatever the two starts made of its clusters, nothing has turned.
        Assert.All(FrameMatch.Of(new DenseSpace(Dimension), first, second).Angles, angle => Assert.Equal(0, angle));
    }

    [Property(MaxTest = 20)]
    public void Solve_CopiesAboveAGap_AreAllFoundAndSaidToBe(Seed seed, Size copies)
    {
        // Gap 2 of a spectrum 9.5 wide below the last copy: 32 products exclude a further one but for one in a million,
        // (10.5).
        var random = seed.Random();
        var count = 1 + (copies.Value % 4);
        double[] spectrum =
        [
            9,
            .. Enumerable.Repeat(8.0, count),
            6,
            .. Enumerable.Range(0, Dimension - count - 2).Select(_ => -0.5 + (1.5 * random.NextDouble())),
        ];
        var matrix = SymmetricMatrices.WithSpectrum(random, spectrum);
        using var frame = new EigenFrame<double[]>(new DenseSpace(Dimension), count + 1);
        Solve(matrix, new LanczosOptions(1e-3), random, frame);
        Assert.True(frame.Converged, "not converged");
        Assert.False(frame.PossiblyMissed, "a gap of 2 was not seen");
        // A Ritz value is off by its residual squared over its distance from the rest of the spectrum, here at least 1;
        // at most 8 times as many of them.
        Near.Equal(
            spectrum.AsSpan(0, count + 1),
            frame.Values,
            8 * frame.Residuals.Max() * frame.Residuals.Max() + (8 * Dimension * Near.Roundoff * 9),
            "values"
        );
        Assert.InRange(frame.NextBound, 6, 8);
    }

    [Fact]
    public void Solve_NearlyDoublePairAmongFour_IsFoundFromEveryStart()
    {
        for (var start = 0; start < 40; start++)
        {
            double[] diagonal =
            [
                10,
                9,
                8,
                8 * (1 - 1e-6),
                7,
                .. Enumerable.Range(0, 95).Select(i => 6.0 * (95 - i) / 95),
            ];
            using var frame = new EigenFrame<double[]>(new DenseSpace(100), 4);
            using var solver = new LanczosEigensolver<double[]>(new DenseSpace(100), new LanczosOptions(1e-3));
            solver.Solve(
                (x, y) => System.Numerics.Tensors.TensorPrimitives.Multiply(x, diagonal, y),
                new double[100],
                new Random(start),
                frame
            );
            // A missed pair shows a 7; what the tolerance allows is 1e-2 in each residual.
            Near.Equal([10, 9, 8, 8], frame.Values, 0.02, $"start {start}");
        }
    }

    [Fact]
    public void Track_ConstantMatrixWithACluster_NeverDropsAPairThatItHeld()
    {
        double[] diagonal =
        [
            8,
            7.9999995,
            7.999999,
            5,
            4,
            .. Enumerable.Range(0, 195).Select(i => 1 - (1.5 * i / 195)),
        ];
        foreach (
            var (pairs, tolerance, trailingEvery) in ((int, double, int)[])
                [(3, 1e-6, 60), (3, 1e-6, 3), (4, 1e-6, 60), (4, 1e-3, 2), (2, 1e-6, 60)]
        )
        {
            using var tracker = new EigenTracker<double[]>(
                new DenseSpace(200),
                pairs,
                new LanczosOptions(tolerance),
                new TrackingOptions()
            );
            using EigenFrame<double[]> frame = new(new DenseSpace(200), pairs),
                before = new(new DenseSpace(200), pairs);
            for (var t = 0; t < 60; t++)
            {
                tracker.Track(
                    (x, y) => System.Numerics.Tensors.TensorPrimitives.Multiply(x, diagonal, y),
                    [.. Enumerable.Repeat((double)t, 200)],
                    t % trailingEvery == 0,
                    new Random(t),
                    frame
                );
                var where = $"k = {pairs}, tolerance {tolerance}, step {t}";
                Assert.True(frame.Converged, where);
                // Residuals allow less than the gap of 3 or 1 to what a lost pair is replaced by.
                Near.Equal(diagonal.AsSpan(0, pairs), frame.Values, 8 * tolerance * 1.5, where);
                Assert.False(frame.PossiblyMissed && pairs != 2, where);
                if (t > 0)
                    Assert.All(
                        FrameMatch.Of(new DenseSpace(200), before, frame).Angles,
                        angle => Assert.Equal(0, angle)
                    );
                Copy(frame, before);
            }
        }
    }

    [Property(MaxTest = 20)]
    public void Track_MatrixThatMoves_NoValueLiesBelowTheRitzValueOfTheOldFrame(Seed seed, Size pairs)
    {
        // Cauchy: the values of the old frame on the new matrix are lower bounds. Clusters, and a trailing pair now and
        // then, which takes a Lanczos iteration.
        var random = seed.Random();
        var count = 1 + (pairs.Value % 5);
        var spectrum = Clustered(random);
        var matrix = SymmetricMatrices.WithSpectrum(random, spectrum);
        var drift = SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, Dimension, 1));
        using var tracker = new EigenTracker<double[]>(
            new DenseSpace(Dimension),
            count,
            new LanczosOptions(1e-3),
            new TrackingOptions()
        );
        using EigenFrame<double[]> frame = new(new DenseSpace(Dimension), count),
            before = new(new DenseSpace(Dimension), count);
        for (var t = 0; t < 8; t++)
        {
            for (var i = 0; i < Dimension; i++)
            for (var j = 0; j < Dimension; j++)
                matrix[i, j] += 3e-3 * drift[i, j];
            tracker.Track(
                (x, y) => SymmetricMatrices.Times(matrix, x).CopyTo(y, 0),
                [.. Enumerable.Repeat((double)t, Dimension)],
                t % 3 == 0,
                random,
                frame
            );
            if (t > 0)
            {
                var projected = new double[count, count];
                for (var i = 0; i < count; i++)
                for (var j = 0; j < count; j++)
                {
                    var image = SymmetricMatrices.Times(matrix, before.Vectors[j]);
                    projected[i, j] = SymmetricMatrices.Dot(before.Vectors[i], image);
                }
                var (lower, _) = SymmetricMatrices.Eigen(projected);
                // A restart's frame is another subspace, right to the residuals that were asked for.
                var bound = (Math.Sqrt(2 * count) * 1e-3 * 10) + (8 * Dimension * Near.Roundoff * 10);
                for (var i = 0; i < count; i++)
                    Assert.True(
                        frame.PossiblyMissed || frame.Values[i] >= lower[i] - bound,
                        $"step {t}, value {i}: {frame.Values[i]:R}, the old frame has {lower[i]:R}"
                    );
            }

            Copy(frame, before);
        }
    }

    /// <summary>
    /// Two to four copies each of a few leading values, apart by any gap from 1e-1 to 1e-15, above a bulk in [-1, 2];
    /// some spectra have no gap between the two.
    /// </summary>
    private static double[] Clustered(Random random)
    {
        var values = new List<double>();
        for (var at = 10.0; values.Count < 12; at -= 0.5 + random.NextDouble())
        {
            var gap = Math.Pow(10, -1 - (14 * random.NextDouble()));
            for (int i = 0, copies = 1 + random.Next(4); i < copies; i++)
                values.Add(at - (i * gap));
        }

        while (values.Count < Dimension)
            values.Add(-1 + (3 * random.NextDouble()));
        return [.. values];
    }

    private static void Solve(double[,] matrix, LanczosOptions options, Random random, EigenFrame<double[]> frame)
    {
        var space = new DenseSpace(matrix.GetLength(0));
        using var solver = new LanczosEigensolver<double[]>(space, options);
        solver.Solve((x, y) => SymmetricMatrices.Times(matrix, x).CopyTo(y, 0), space.Create(), random, frame);
    }

    private static void Copy(EigenFrame<double[]> source, EigenFrame<double[]> destination)
    {
        source.Values.CopyTo(destination.Values, 0);
        source.Residuals.CopyTo(destination.Residuals, 0);
        for (var i = 0; i <= source.Count; i++)
            source.Vectors[i].CopyTo(destination.Vectors[i], 0);
        (destination.Next, destination.NextBound) = (source.Next, source.NextBound);
    }
}
