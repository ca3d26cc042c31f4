using FlatBias.Reports.Figures;
using FsCheck;
using FsCheck.Xunit;
using OxyPlot;

namespace FlatBias.Reports.Tests.Figures;

public class DecimationTests
{
    [Property(MaxTest = 60)]
    public void Line_AnySeries_KeepsExtremesEndsAndOrder(NonNegativeInt length, int seed, bool logX)
    {
        var points = Series(length.Get * 137 % 30_011, seed, gaps: true);

        var kept = Decimation.Line(points, logX);

        Assert.True(IsSubsequence(kept, points));
        var (before, after) = (Defined(points), Defined(kept));
        Assert.Equal(before.Count == 0, after.Count == 0);
        if (before.Count == 0)
            return;
        Assert.Equal((before.Min(p => p.Y), before.Max(p => p.Y)), (after.Min(p => p.Y), after.Max(p => p.Y)));
        Assert.Equal((before[0], before[^1]), (after[0], after[^1]));
    }

    [Property(MaxTest = 30)]
    public void Line_ClosedCurve_KeepsExtremesOfBothCoordinates(PositiveInt turns)
    {
        var angle = turns.Get % 50 + 1;
        List<DataPoint> points =
        [
            .. Enumerable
                .Range(0, 12_000)
                .Select(i => new DataPoint(Math.Cos(i * angle * 1e-4), Math.Sin(i * angle * 1.1e-4))),
        ];

        var kept = Decimation.Line(points);

        Assert.True(IsSubsequence(kept, points));
        Assert.InRange(kept.Count, 500, 3500);
        Assert.Equal((points.Min(p => p.X), points.Max(p => p.X)), (kept.Min(p => p.X), kept.Max(p => p.X)));
        Assert.Equal((points.Min(p => p.Y), points.Max(p => p.Y)), (kept.Min(p => p.Y), kept.Max(p => p.Y)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Decimation.Limit)]
    public void Line_ShortSeries_IsUnchanged(int length)
    {
        var points = Series(length, 3, gaps: true);

        Assert.Equal(points.Count, Decimation.Line(points).Count);
    }

    [Fact]
    public void Line_LongSeries_IsShort() =>
        Assert.InRange(Decimation.Line(Series(1_000_000, 5, gaps: true)).Count, 1000, 3500);

    [Fact]
    public void Line_PeriodTwoOscillation_KeepsBothBranchesEverywhere()
    {
        List<DataPoint> points = [.. Enumerable.Range(0, 50_000).Select(i => new DataPoint(i, i % 2 == 0 ? 1 : -1))];

        var kept = Decimation.Line(points);

        for (var from = 0; from < 50_000; from += 1000)
        {
            var part = kept.Where(p => p.X >= from && p.X < from + 1000).ToList();
            Assert.Contains(part, p => p.Y == 1);
            Assert.Contains(part, p => p.Y == -1);
        }
    }

    [Fact]
    public void Line_LogarithmicAxis_KeepsTheFirstDecades()
    {
        List<DataPoint> points = [.. Enumerable.Range(1, 100_000).Select(i => new DataPoint(i, Math.Sin(i)))];

        var kept = Decimation.Line(points, logX: true);

        // 500 buckets over five decades: the first hundred steps, two of the decades, are kept nearly one by one.
        Assert.InRange(kept.Count(p => p.X <= 100), 90, 100);
    }

    [Fact]
    public void Line_LongGap_StaysAGap()
    {
        List<DataPoint> points =
        [
            .. Enumerable
                .Range(0, 10_000)
                .Select(i => i is >= 4000 and < 5000 ? DataPoint.Undefined : new DataPoint(i, 1)),
        ];

        var kept = Decimation.Line(points);

        var last = kept.FindLastIndex(p => p.X < 4000);
        Assert.False(kept[last + 1].IsDefined());
        Assert.Equal(5000, kept.Skip(last + 1).First(p => p.IsDefined()).X);
    }

    [Property(MaxTest = 30)]
    public void Cloud_AnyPoints_KeepsOneOfEverySpot(PositiveInt length, int seed)
    {
        var points = Series(length.Get * 137 % 20_011, seed, gaps: true);

        var kept = Decimation.Cloud(points);

        Assert.All(kept, p => Assert.True(p.IsDefined()));
        Assert.True(IsSubsequence(kept, points));
        var (width, height) = (points.Count / 1200.0 * 1.01 + 1e-9, 4 / 900.0);
        foreach (var point in Defined(points).Where((_, i) => i % 97 == 0))
            Assert.Contains(kept, p => Math.Abs(p.X - point.X) <= width && Math.Abs(p.Y - point.Y) <= height);
    }

    [Fact]
    public void Cloud_ManyEqualPoints_KeepsOne() =>
        Assert.Single(Decimation.Cloud([.. Enumerable.Repeat(new DataPoint(2, 3), 5000)]));

    private static List<DataPoint> Series(int length, int seed, bool gaps)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, length)
                .Select(i =>
                    gaps && random.Next(50) == 0
                        ? DataPoint.Undefined
                        : new DataPoint(i + 1, random.NextDouble() * 4 - 2)
                ),
        ];
    }

    private static List<DataPoint> Defined(IEnumerable<DataPoint> points) => [.. points.Where(p => p.IsDefined())];

    private static bool IsSubsequence(List<DataPoint> part, List<DataPoint> whole)
    {
        var at = 0;
        foreach (var point in part)
        {
            while (at < whole.Count && !whole[at].Equals(point))
                at++;
            if (at++ == whole.Count)
                return false;
        }

        return true;
    }
}
