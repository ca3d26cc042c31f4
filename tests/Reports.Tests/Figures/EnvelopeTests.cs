using FlatBias.Reports.Figures;
using FlatBias.Testing;
using FsCheck.Xunit;
using OxyPlot;

namespace FlatBias.Reports.Tests.Figures;

/// <summary>Where a curve is drawn as the band that it fills.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class EnvelopeTests
{
    /// <summary>Curves of any shape, of 1e-12 to 1e12 points, with flat stretches and several values above one place.</summary>
    [Property(MaxTest = 300)]
    public void Outlines_AnyCurve_ContainEveryPoint(Seed seed, Size size, Real scale, Real narrow)
    {
        var random = seed.Random();
        var unit = Math.Pow(10, 12 * scale.Value);
        var points = Curve(random, 40 * size.Value, unit);

        var stretches = Envelope.Split(points, Math.Pow(10, 3 * narrow.Value)).ToArray();

        // From the first point to the last, each from where the one before ends.
        Assert.Equal((0, points.Length - 1), (stretches[0].First, stretches[^1].Last));
        Assert.All(stretches.Zip(stretches[1..]), pair => Assert.Equal(pair.First.Last, pair.Second.First));
        // A point is left out where it lies inside by a difference of products, each rounded twice; the outline at its place
        // is rounded as often, and each of the n points left out before may have added as much.
        var largest = points.Max(point => Math.Abs(point.Y));
        var tolerance = 8 * points.Length * Math.Pow(2, -53) * largest;
        foreach (var (first, last, _) in stretches.Where(stretch => stretch.Band))
        {
            var (upper, lower) = Envelope.Outlines(points, first, last);
            foreach (var point in points[first..(last + 1)])
            {
                Assert.True(Height(upper, point.X, Math.Min) <= point.Y + tolerance);
                Assert.True(Height(lower, point.X, Math.Max) >= point.Y - tolerance);
            }
        }
    }

    [Property]
    public void Outlines_AnyCurve_GoThroughItsTurningPoints(Seed seed, Size size)
    {
        var points = Curve(seed.Random(), 40 * size.Value, 1);
        foreach (var (first, last, _) in Envelope.Split(points, 1e9).Where(stretch => stretch.Band))
        {
            var (upper, lower) = Envelope.Outlines(points, first, last);
            // Nothing but points of the curve, and of each height that is reached the highest and the lowest.
            Assert.Subset(points.ToHashSet(), upper.Concat(lower).ToHashSet());
            Assert.Equal(points[first..(last + 1)].Min(p => p.Y), upper.Min(p => p.Y));
            Assert.Equal(points[first..(last + 1)].Max(p => p.Y), lower.Max(p => p.Y));
        }
    }

    /// <summary>However steep it is, and whatever is told apart at the size: rise, fall, and what leads there.</summary>
    [Property]
    public void Split_SingleInstability_IsALine(Seed seed, LogUniform width, LogUniform height)
    {
        var centre = seed.Random().NextDouble() * 100;
        ScreenPoint[] points =
        [
            .. Enumerable
                .Range(0, 200)
                .Select(i => new ScreenPoint(
                    i * 0.5,
                    (0.01 * i) - (height.Value * Math.Exp(-Math.Pow((i - (2 * centre)) / width.Value, 2)))
                )),
        ];

        Assert.Equal([(0, 199, false)], Envelope.Split(points, 1e9));
    }

    /// <summary>A spike among fast swings stands out of the band as high and as narrow as it is.</summary>
    [Fact]
    public void Outlines_SpikeInAnOscillation_ShowIt()
    {
        ScreenPoint[] points =
        [
            .. Enumerable
                .Range(0, 100)
                .Select(i => new ScreenPoint(
                    i,
                    i == 50 ? -40
                        : i % 2 == 0 ? -1
                        : 1
                )),
        ];

        var stretch = Envelope.Split(points, 3).Single(s => s.Band);
        var (upper, _) = Envelope.Outlines(points, stretch.First, stretch.Last);

        Assert.Contains(new ScreenPoint(50, -40), upper);
        Assert.Equal((-1, -1), (Height(upper, 48, Math.Min), Height(upper, 52, Math.Min)));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1.4, true)]
    [InlineData(1.6, false)]
    public void Split_PeriodTwo_IsABandWhereTwoStepsAreNarrow(double step, bool band)
    {
        ScreenPoint[] points = [.. Enumerable.Range(0, 100).Select(i => new ScreenPoint(i * step, i % 2))];

        Assert.Equal(band, Envelope.Split(points, 3).Any(stretch => stretch.Band));
    }

    [Fact]
    public void Split_CurveThatTurnsBack_IsALine()
    {
        ScreenPoint[] points =
        [
            .. Enumerable.Range(0, 200).Select(i => new ScreenPoint(Math.Cos(i * 0.1), Math.Sin(i * 2.9))),
        ];

        Assert.Equal([(0, 199, false)], Envelope.Split(points, 1e9));
    }

    /// <summary>However long the series is, and at the size at which it is drawn.</summary>
    [Theory]
    [InlineData(100, false)]
    [InlineData(1000, true)]
    [InlineData(50_000, true)]
    public void AddLine_PeriodTwo_IsDrawnAsABandWhereItIsDense(int steps, bool band)
    {
        double[] x = [.. Enumerable.Range(0, steps).Select(i => (double)i)];
        var model = Plot.Series("step", "u", x, [.. x.Select(i => i % 2 == 0 ? 1 : -1.0)]);

        Assert.Equal(band, model.ToSvg().Contains("<polygon", StringComparison.Ordinal));
    }

    private static ScreenPoint[] Curve(Random random, int length, double unit)
    {
        var x = 0.0;
        var y = 0.0;
        return
        [
            .. Enumerable
                .Range(0, length)
                .Select(i =>
                {
                    x += random.Next(3) == 0 ? 0 : random.NextDouble();
                    y = random.Next(4) == 0 ? y : unit * ((random.NextDouble() * 2) - 1);
                    return new ScreenPoint(x, y);
                }),
        ];
    }

    /// <summary>The height of an outline above a place; of several the one that most chooses.</summary>
    private static double Height(List<ScreenPoint> outline, double x, Func<double, double, double> most)
    {
        var at = double.NaN;
        foreach (var (left, right) in outline.Zip(outline.Skip(1)))
        {
            if (x < left.X || x > right.X)
                continue;
            var share = right.X == left.X ? 0 : (x - left.X) / (right.X - left.X);
            double[] heights = right.X == left.X ? [left.Y, right.Y] : [(left.Y * (1 - share)) + (right.Y * share)];
            foreach (var height in heights)
                at = double.IsNaN(at) ? height : most(at, height);
        }

        return at;
    }
}
