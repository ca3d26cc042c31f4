using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>Both segmentations of eq. (1.8). The hand-made series have eta = 1, so the threshold is S = 2.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class InstabilityTests
{
    [Property]
    public void Segment_RandomSeries_AgreesWithTheDefinition(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 10 * size.Value;
        double[] step = [.. Enumerable.Range(0, n).Select(_ => 0.5 + random.NextDouble())];
        double[] sharpness =
        [
            .. step.Select(eta => random.Next(8) == 0 ? double.NaN : (1.4 + (1.2 * random.NextDouble())) / eta),
        ];
        double[] loss = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(6))];
        Assert.Equal(Twin(step, sharpness, loss), Instability.Segment(step, sharpness, loss));
    }

    [Fact]
    public void Segment_StableRun_HasNone() => Assert.Empty(Segment([1, 1.9, 2, 1.5], [3, 2, 1, 0]));

    [Fact]
    public void Segment_EmptySeries_HasNone() => Assert.Empty(Segment([], []));

    [Fact]
    public void Segment_NeverResolves_HasNoResolution() =>
        Assert.Equal([new Instability(1, 3, null)], Segment([1, 2.1, 2.5, 2.5], [1, 1, 5, 9]));

    [Fact]
    public void Segment_TwoInstabilities_AreKeptApart() =>
        Assert.Equal(
            [new Instability(1, 2, 3), new Instability(4, 5, 6)],
            Segment([1, 2.1, 1.5, 1.5, 2.1, 1.9, 1.8], [5, 4, 9, 3, 3, 8, 2])
        );

    [Fact]
    public void Segment_SharpnessBelowButLossAboveOnset_GoesOn() =>
        Assert.Equal([new Instability(0, 1, 3)], Segment([2.1, 1.9, 1.9, 1.9], [1, 7, 1.5, 0.5]));

    [Fact]
    public void Segment_LossBelowButSharpnessAbove_GoesOn() =>
        Assert.Equal([new Instability(0, 0, null)], Segment([2.1, 2.5, 2.5, 2.5], [1, 0.9, 0.8, 0.7]));

    [Fact]
    public void Segment_SharpnessNotMeasured_KeepsTheLastState() =>
        Assert.Equal(
            [new Instability(1, 3, 5)],
            Segment([1, 2.5, double.NaN, double.NaN, double.NaN, 1], [1, 1, 2, 3, 0.5, 0.5])
        );

    [Fact]
    public void Segment_LossNotANumber_IsThePeak() =>
        Assert.Equal([new Instability(0, 1, null)], Segment([2.5, 2.5, 2.5], [1, double.NaN, double.NaN]));

    [Fact]
    public void Segment_DifferentLengths_NamesThem()
    {
        var error = Assert.Throws<ArgumentException>(() => Instability.Segment([1, 1], [1], [1, 1]));
        Assert.Contains("sharpness has 1 elements; it must have 2", error.Message, StringComparison.Ordinal);
    }

    [Property]
    public void LossPeaks_RandomSeries_AgreesWithTheDefinition(Seed seed, Size size, Size half)
    {
        var random = seed.Random();
        double[] loss = [.. Enumerable.Range(0, 12 * size.Value).Select(_ => Math.Exp(Draw.Uniform(random, 1.5)))];
        Assert.Equal(PeakTwin(loss, half.Value, 1.5), Instability.LossPeaks(loss, half.Value));
    }

    [Property]
    public void LossPeaks_SeriesReversedInTime_AreTheSamePeaks(Seed seed, Size size, Size half)
    {
        var random = seed.Random();
        double[] loss = [.. Enumerable.Range(0, 12 * size.Value).Select(_ => Math.Exp(Draw.Uniform(random, 1.5)))];
        double[] reversed = [.. loss.Reverse()];
        Assert.Equal(
            Instability.LossPeaks(loss, half.Value),
            Instability.LossPeaks(reversed, half.Value).Select(i => loss.Length - 1 - i).Order()
        );
    }

    [Fact]
    public void LossPeaks_OneSpike_IsFound() => Assert.Equal([4], Instability.LossPeaks([1, 1, 1, 1, 5, 1, 1, 1], 3));

    [Fact]
    public void LossPeaks_MonotoneOrShallow_AreNone()
    {
        Assert.Empty(Instability.LossPeaks([5, 4, 3, 2, 1], 2));
        Assert.Empty(Instability.LossPeaks([1, 1, 1.4, 1, 1], 2));
        Assert.Empty(Instability.LossPeaks([1, 9], 2));
    }

    [Fact]
    public void LossPeaks_ChainOfNeighbours_KeepsTheHighestFirst()
    {
        // Half-width 5, spikes 4 apart: the middle one falls to a neighbour either way, the outer ones are 8 apart.
        double[] rising = [1, 1, 5, 1, 1, 1, 6, 1, 1, 1, 7, 1, 1, 1, 1];
        Assert.Equal([2, 10], Instability.LossPeaks(rising, 5));
        rising[6] = 8;
        Assert.Equal([6], Instability.LossPeaks(rising, 5));
    }

    [Fact]
    public void LossPeaks_Plateau_IsOnePeakAtItsEnd() =>
        Assert.Equal([4], Instability.LossPeaks([1, 1, 1, 6, 6, 1, 1, 1, 1, 1], 4));

    [Fact]
    public void LossPeaks_BadArguments_NameTheRange()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Instability.LossPeaks([1], 0));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Instability.LossPeaks([1], prominence: 1));
        Assert.Contains("prominence is 1; it must be above 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Instability.LossPeaks([1], prominence: double.NaN));
    }

    private static IReadOnlyList<Instability> Segment(double[] sharpness, double[] loss) =>
        Instability.Segment([.. sharpness.Select(_ => 1.0)], sharpness, loss);

    private static List<Instability> Twin(double[] step, double[] sharpness, double[] loss)
    {
        var all = Enumerable.Range(0, loss.Length).ToArray();
        var found = new List<Instability>();
        for (var from = 0; ; )
        {
            var onset = Array.FindIndex(all, from, i => step[i] * sharpness[i] > 2);
            if (onset < 0)
                return found;
            var end = Array.FindIndex(
                all,
                onset,
                i => i > onset && step[i] * sharpness[i] < 2 && loss[i] < loss[onset]
            );
            var within = all[onset..(end < 0 ? loss.Length : end)];
            found.Add(new Instability(onset, within.MaxBy(i => loss[i]), end < 0 ? null : end));
            if (end < 0)
                return found;
            from = end;
        }
    }

    private static List<int> PeakTwin(double[] loss, int window, double prominence)
    {
        var open = Enumerable
            .Range(0, loss.Length)
            .Where(i => i > 0 && i < loss.Length - 1 && loss[i] >= loss[i - 1] && loss[i] > loss[i + 1])
            .Where(i =>
            {
                var around = loss.Where((_, j) => Math.Abs(j - i) <= window).Order().ToArray();
                return loss[i] > prominence * around[around.Length / 2];
            })
            .ToList();
        var kept = new List<int>();
        while (open.Count > 0)
        {
            var highest = open.MaxBy(i => loss[i]);
            kept.Add(highest);
            open.RemoveAll(i => Math.Abs(i - highest) < window || i == highest);
        }

        return [.. kept.Order()];
    }
}
