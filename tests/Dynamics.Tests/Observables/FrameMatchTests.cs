using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>Matching and noise floors, eq. (1.6).</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class FrameMatchTests
{
    [Property]
    public void Of_PermutedAndFlippedFrame_NamesThePredecessorsWithoutRotation(Seed seed, Size size, Size dimension)
    {
        var random = seed.Random();
        var k = size.Value;
        var n = k + dimension.Value - 1;
        var rows = SymmetricMatrices.Orthogonal(random, n);
        var order = Enumerable.Range(0, k).ToArray();
        random.Shuffle(order);
        var moved = new double[k, n];
        for (var i = 0; i < k; i++)
        {
            var sign = random.Next(2) == 0 ? 1 : -1;
            for (var j = 0; j < n; j++)
                moved[i, j] = sign * rows[order[i], j];
        }

        // Residual 8 n u: what an eigensolver with exact vectors reports at |H| about 1.
        using EigenFrame<double[]> before = Frames.Frame(rows, k, 8 * n * Near.Roundoff),
            after = Frames.Frame(moved, k, 8 * n * Near.Roundoff);
        var match = FrameMatch.Of(new DenseSpace(n), before, after);
        Assert.Equal(order, match.Predecessor);
        Assert.All(match.Angles, angle => Assert.Equal(0, angle));
    }

    [Property]
    public void Of_OneDimension_NeverReportsARotation(Real value)
    {
        // Unit to rounding, and the gap is infinite, so residual / gap alone would leave no floor at all.
        double[,] one =
            {
                { 1 },
            },
            nearly =
            {
                { (value.Value < 0 ? -1 : 1) * (1 - (2 * Near.Roundoff)) },
            };
        using EigenFrame<double[]> before = Frames.Frame(nearly, 1, 0),
            after = Frames.Frame(one, 1, 0);
        (before.Next, after.Next) = (double.NaN, double.NaN);
        Assert.Equal(0, FrameMatch.Of(new DenseSpace(1), before, after).Angles[0]);
    }

    [Property]
    public void Of_RotationByAKnownAngle_IsReportedForBothVectorsAndNoOther(Seed seed, LogUniform size)
    {
        const int n = 6,
            k = 4;
        var angle = size.In(1e-9, 0.7); // below 45 degrees the assignment keeps the identity
        var rows = SymmetricMatrices.Orthogonal(seed.Random(), n);
        const double residual = 1e-13;
        using EigenFrame<double[]> before = Frames.Frame(rows, k, residual),
            after = Frames.Frame(Frames.Turned(rows, 0, 2, angle), k, residual);
        var match = FrameMatch.Of(new DenseSpace(n), before, after);
        Assert.Equal([0, 1, 2, 3], match.Predecessor);
        // The turned rows err by a few u per component, n components.
        Near.Equal([angle, 0, angle, 0], match.Angles, 16 * n * Near.Roundoff, "angles");
        Assert.Equal(0, match.Angles[1]);
        Assert.Equal(0, match.Angles[3]);
        // All gaps are 1: two frames, each asin(residual / gap), and rounding.
        Assert.All(match.Floors, floor => Near.Equal(2 * residual, floor, 64 * Near.Roundoff, "floor"));
    }

    [Property]
    public void Of_AngleAboutItsFloor_IsReportedOnlyAbove(Seed seed, LogUniform residual, Real factor)
    {
        const int n = 5;
        var r = residual.In(1e-10, 0.05);
        var scale = factor.In(0.1, 3);
        if (Math.Abs(scale - 1) < 1e-3)
            return; // the angle itself errs by 1e-15, 1e-5 of the smallest floor
        // The neighbour one away may be nearer by its own residual, (10.6).
        var angle = scale * 2 * Math.Asin(r / (1 - r));
        var rows = SymmetricMatrices.Orthogonal(seed.Random(), n);
        using EigenFrame<double[]> before = Frames.Frame(rows, 2, r),
            after = Frames.Frame(Frames.Turned(rows, 0, 4, angle), 2, r);
        var match = FrameMatch.Of(new DenseSpace(n), before, after);
        if (scale < 1)
            Assert.Equal(0, match.Angles[0]);
        else
            Near.Equal(angle, match.Angles[0], 16 * n * Near.Roundoff, "angle");
    }

    [Property]
    public void Of_AnyTwoFrames_AgreesWithTheBestPermutationAndItsAngles(Seed seed, Size size, Size dimension)
    {
        var random = seed.Random();
        var k = 1 + (size.Value % 5);
        var n = k + dimension.Value;
        double[,] a = SymmetricMatrices.Orthogonal(random, n),
            b = SymmetricMatrices.Orthogonal(random, n);
        using EigenFrame<double[]> before = Frames.Frame(a, k, 0),
            after = Frames.Frame(b, k, 0);
        var match = FrameMatch.Of(new DenseSpace(n), before, after);
        double Cosine(int i, int j) => Math.Abs(SymmetricMatrices.Dot(after.Vectors[i], before.Vectors[j]));
        double Total(int[] p) => p.Select((j, i) => Cosine(i, j)).Sum();
        Near.Equal(
            Frames.Permutations(k).Max(Total),
            Total(match.Predecessor),
            8 * n * k * Near.Roundoff,
            "total overlap"
        );
        // Compared by cosines, which are well conditioned away from 0; the tiny angles have their own test.
        for (var i = 0; i < k; i++)
            Near.Equal(
                Cosine(i, match.Predecessor[i]),
                Math.Cos(match.Angles[i]),
                16 * n * Near.Roundoff,
                $"cosine {i}"
            );
    }

    [Fact]
    public void Of_NoGap_HasTheWholeRightAngleAsItsFloor()
    {
        using var frame = Frames.Frame(
            new double[,]
            {
                { 1, 0, 0 },
                { 0, 1, 0 },
            },
            2,
            1e-15
        );
        frame.Values[0] = frame.Values[1];
        Assert.Equal(Math.PI / 2, FrameMatch.Floor(frame, 0));
    }

    [Theory]
    [InlineData(1, 0)] // an exact copy may be unseen, and the residual is 0
    [InlineData(double.PositiveInfinity, 1e-15)] // nothing was looked for
    [InlineData(0, double.NaN)]
    [InlineData(double.NaN, 1e-15)]
    [InlineData(double.NegativeInfinity, double.NaN)]
    public void Floor_SeparationUnknown_IsTheWholeRightAngle(double nextBound, double residual)
    {
        using var frame = Frames.Frame(
            new double[,]
            {
                { 1, 0, 0 },
            },
            1,
            residual
        );
        frame.NextBound = nextBound;
        Assert.Equal(Math.PI / 2, FrameMatch.Floor(frame, 0));
    }

    [Fact]
    public void Of_NotANumber_IsReportedAsNotANumber()
    {
        using EigenFrame<double[]> before = Frames.Frame(
                new double[,]
                {
                    { 1, 0 },
                },
                1,
                0
            ),
            after = Frames.Frame(
                new double[,]
                {
                    { double.NaN, double.NaN },
                },
                1,
                double.NaN
            );
        Assert.Equal(double.NaN, FrameMatch.Of(new DenseSpace(2), before, after).Angles[0]);
    }

    [Fact]
    public void Of_FramesOfDifferentSize_NamesTheLengths()
    {
        double[,] rows =
        {
            { 1, 0 },
            { 0, 1 },
        };
        using EigenFrame<double[]> one = Frames.Frame(rows, 1, 0),
            two = Frames.Frame(rows, 2, 0);
        var error = Assert.Throws<ArgumentException>(() => FrameMatch.Of(new DenseSpace(2), one, two));
        Assert.Contains("current has 2 elements; it must have 1", error.Message, StringComparison.Ordinal);
    }
}
