using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Spectra;

/// <summary>
/// Eigenvalue measurements do not depend on the unit of the loss, and what is not a number is never converged.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class ExtremeScaleTests
{
    [Property]
    public void Solve_MatrixTimesAPowerOfTwo_GivesTheSamePairsAndFlagsScaled(Seed seed, Size pairs, Real exponent)
    {
        var random = seed.Random();
        var n = random.Next(2) == 0 ? 100 : pairs.Value + 1;
        var power = (int)exponent.In(-900, 900);
        var matrix = SymmetricMatrices.WithSpectrum(
            random,
            [.. Draw.Vector(random, n, 3).Select((x, i) => i < 9 ? x + (3 * (i / 2)) : x)]
        );
        var (plain, scaled) = (Solve(matrix, 0, seed, pairs.Value), Solve(matrix, power, seed, pairs.Value));
        // Such a scaling is exact in every sum and product, so all decisions are the same; the dense solver compares
        // with absolute numbers only far below roundoff, which the tolerance allows for.
        var rounding = 64 * n * Near.Roundoff * Math.Max(Math.Abs(plain.Values[0]), Math.Abs(plain.Trailing));
        for (var i = 0; i < plain.Count; i++)
        {
            Near.Equal(plain.Values[i], Math.ScaleB(scaled.Values[i], -power), rounding, $"value {i}");
            Near.Equal(plain.Residuals[i], Math.ScaleB(scaled.Residuals[i], -power), rounding, $"residual {i}");
        }

        Near.Equal(plain.Trailing, Math.ScaleB(scaled.Trailing, -power), rounding, "trailing");
        Assert.Equal(
            (plain.Converged, plain.PossiblyMissed, plain.Products),
            (scaled.Converged, scaled.PossiblyMissed, scaled.Products)
        );
    }

    [Property]
    public void Symmetric_AnyScale_IsTheScaledDecomposition(Seed seed, Size size, Real exponent)
    {
        var random = seed.Random();
        var power = (int)exponent.In(-1000, 1000);
        var matrix = Matrix<double>.Build.DenseOfArray(
            SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, size.Value))
        );
        var (values, vectors) = DenseEigen.Symmetric(matrix.Map(x => Math.ScaleB(x, power)));
        for (var i = 0; i < size.Value; i++)
        {
            var vector = vectors.Column(i);
            // Backward error of the decomposition and rounding of this residual: n u |A| each, |A| at most 1.
            Near.Equal(
                0,
                ((matrix * vector) - (Math.ScaleB(values[i], -power) * vector)).L2Norm(),
                32 * Math.Max(8, size.Value) * Near.Roundoff,
                $"residual {i}"
            );
            Near.Equal(1, vector.L2Norm(), 32 * Math.Max(8, size.Value) * Near.Roundoff, $"length {i}");
        }
    }

    [Property]
    public void Compute_SurfaceInOtherUnits_PredictsTheSameRotation(Seed seed, Size size, Real loss, Real length)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        var surface = Draw.Surface(random, n);
        var (theta, move) = (Draw.Vector(random, n, 0.5), Draw.Vector(random, n, 1e-3));
        var plain = Rotation(surface, theta, move);
        // The Hessian and the third derivatives times one power of two: v_1 does not notice; the displacement times
        // another: the rotation is linear in it.
        int unit = (int)loss.In(-900, 900),
            step = (int)length.In(-900, 0);
        var scaled = Rotation(Times(surface, unit), theta, [.. move.Select(x => Math.ScaleB(x, step))]);
        // The same arithmetic but for the eigenpair, which is right to a few roundings of |H| over the gap; the tests
        // of the prediction itself are elsewhere.
        var (values, _) = SymmetricMatrices.Eigen(surface.Hessian(theta));
        var condition = values.Max(Math.Abs) / (values[0] - values[1]);
        Near.Equal(plain, Math.ScaleB(scaled, -step), 1e4 * Near.Roundoff * condition * condition * plain, "rotation");
    }

    [Property]
    public void Solve_OperatorThatFailsAtSomeCall_IsNotConverged(Seed seed, Size pairs)
    {
        var random = seed.Random();
        var matrix = SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, 80, 3));
        double[] bad = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var calls = Failing(matrix, int.MaxValue, 0, seed, pairs.Value).Calls;
        foreach (var at in (int[])[1, 2, 1 + random.Next(calls), calls])
        {
            var (frame, _) = Failing(matrix, at, bad[random.Next(3)], seed, pairs.Value);
            Assert.False(frame.Converged, $"call {at} of {calls} gave no numbers");
            Assert.True(
                frame.PossiblyMissed,
                $"call {at} of {calls} gave no numbers, and nothing is said to be missing"
            );
            Assert.True(
                double.IsFinite(frame.Values[0]) || Array.TrueForAll(frame.Values, double.IsNaN),
                "a part of the values is not a number"
            );
        }
    }

    [Property]
    public void Track_OperatorThatFailsAtSomeCall_IsNotConvergedThenAndRightAfterwards(Seed seed, Size pairs)
    {
        var random = seed.Random();
        var spectrum = (double[])[9, 8, 7, 6, 5, 4.5, 4, 3.5, 3, .. Draw.Vector(random, 71)];
        var matrix = SymmetricMatrices.WithSpectrum(random, spectrum);
        using var tracker = new EigenTracker<double[]>(
            new DenseSpace(80),
            pairs.Value,
            new LanczosOptions(1e-3),
            new TrackingOptions()
        );
        using var frame = new EigenFrame<double[]>(new DenseSpace(80), pairs.Value);
        for (var t = 0; t < 12; t++)
        {
            var broken = t % 4 == 3;
            tracker.Track(
                (x, y) =>
                {
                    SymmetricMatrices.Times(matrix, x).CopyTo(y, 0);
                    if (broken)
                        y[3] = double.NaN;
                },
                [.. Enumerable.Repeat((double)t, 80)],
                t % 5 == 0,
                random,
                frame
            );
            Assert.Equal(!broken, frame.Converged);
            if (broken)
                Assert.True(frame.PossiblyMissed);
            // A residual of 9e-3 each.
            else
                Near.Equal(
                    spectrum.AsSpan(0, pairs.Value),
                    frame.Values,
                    Math.Sqrt(2 * pairs.Value) * 9e-3,
                    $"step {t}"
                );
        }
    }

    private static double Rotation(ISurface<double[]> surface, double[] theta, double[] move)
    {
        var space = surface.Space;
        using var point = surface.At(theta);
        using var solver = new LanczosEigensolver<double[]>(space, new LanczosOptions(1e-12));
        using var frame = new EigenFrame<double[]>(space, 1);
        solver.Solve(point.HessianVector, space.Create(), new Random(1), frame);
        return PredictedRotation.Compute(space, point, frame.Values[0], frame.Vectors[0], move, space.Create());
    }

    private static QuarticSurface Times(QuarticSurface surface, int power)
    {
        var n = surface.Space.Dimension;
        var quadratic = new double[n, n];
        for (var i = 0; i < n * n; i++)
            quadratic[i / n, i % n] = Math.ScaleB(surface.Quadratic[i], power);
        return new QuarticSurface(
            quadratic,
            [.. surface.Cubic.Select(x => Math.ScaleB(x, power))],
            [.. surface.Quartic.Select(x => Math.ScaleB(x, power))]
        );
    }

    private static EigenFrame<double[]> Solve(double[,] matrix, int power, Seed seed, int pairs)
    {
        var space = new DenseSpace(matrix.GetLength(0));
        using var solver = new LanczosEigensolver<double[]>(space, new LanczosOptions(1e-6));
        var frame = new EigenFrame<double[]>(space, pairs);
        solver.Solve(
            (x, y) =>
            {
                var image = SymmetricMatrices.Times(matrix, x);
                for (var i = 0; i < y.Length; i++)
                    y[i] = Math.ScaleB(image[i], power);
            },
            space.Create(),
            seed.Random(),
            frame
        );
        return frame;
    }

    private static (EigenFrame<double[]> Frame, int Calls) Failing(
        double[,] matrix,
        int at,
        double bad,
        Seed seed,
        int pairs
    )
    {
        var space = new DenseSpace(80);
        using var solver = new LanczosEigensolver<double[]>(space, new LanczosOptions(1e-3));
        var frame = new EigenFrame<double[]>(space, pairs);
        var calls = 0;
        solver.Solve(
            (x, y) =>
            {
                SymmetricMatrices.Times(matrix, x).CopyTo(y, 0);
                if (++calls == at)
                    y[7] = bad;
            },
            space.Create(),
            seed.Random(),
            frame
        );
        return (frame, calls);
    }
}
