using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Descent;

/// <summary>A recorded run taken up from any checkpoint has the bits of one that was never interrupted, whatever the rule.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class ResumptionTests
{
    [Property]
    public void Run_TakenUpAnywhere_SameBits(Seed seed, Size size, Size cadence)
    {
        var random = seed.Random();
        double[] start = [.. Enumerable.Range(0, size.Value).Select(_ => random.NextDouble() - 0.5)];
        var optimiser = OptimiserSpec
            .Of(OptimiserCatalogue.All[random.Next(OptimiserCatalogue.All.Count)].Name)
            .With("weight-decay", random.Next(2) * 0.3)
            .With("gradient-clip", random.Next(2) * 0.3)
            .With("sam-radius", random.Next(2) * 0.3);
        var probe = new CurvatureProbeOptions(
            random.Next(1, size.Value + 1),
            new LanczosOptions(1e-8),
            PredictRotation: true,
            Seed: seed.Value
        )
        {
            Observables = ["realised-edge", "critical-sharpness", "gradient-alignment", "max-norm-sharpness"],
        };
        var journal = new MemoryJournal(random.Next(13));
        var whole = Run(new MemoryJournal(-1));
        var first = Run(journal);
        var again = Run(journal);
        Assert.Equal(
            (whole.Reason, whole.Steps, whole.GradientEquivalents),
            (again.Reason, again.Steps, again.GradientEquivalents)
        );
        Assert.Equal(whole.End, again.End);
        Assert.Equal((null, null), (whole.ResumedAt, first.ResumedAt));
        Assert.Equal(journal.At <= again.Steps ? journal.At : null, again.ResumedAt);
        Assert.Equal(whole.Series.Names, again.Series.Names);
        foreach (var name in whole.Series.Names)
            Assert.True(
                whole
                    .Series[name]
                    .Select(BitConverter.DoubleToInt64Bits)
                    .SequenceEqual(again.Series[name].Select(BitConverter.DoubleToInt64Bits)),
                $"{name}: {string.Join(' ', whole.Series[name])} and {string.Join(' ', again.Series[name])}"
            );

        RunOutcome Run(MemoryJournal kept)
        {
            var surface = Draw.Surface(seed.Random(), size.Value);
            double[] at = [.. start];
            var run = Recording.Run(
                surface,
                optimiser,
                0.05,
                new DescentLimits(12),
                at,
                probe,
                cadence.Value,
                journal: kept
            );
            Assert.Equal(at, run.End);
            return run;
        }
    }

    /// <summary>Keeps one checkpoint, made before a given step, and gives it to the next run.</summary>
    private sealed class MemoryJournal(int at) : IRunJournal<double[]>
    {
        public int At => at;

        private readonly Dictionary<string, double[]> _kept = [];
        private SeriesTable? _series;
        private List<(string Name, double[] Values)> _rows = [];

        public bool TryResume(IResumable<double[]> state, SeriesTable series)
        {
            _series = series;
            if (_kept.Count == 0)
                return false;
            state.Exchange(new Store(_kept, reading: true));
            for (var row = 0; row < _rows[0].Values.Length; row++)
            {
                series.AddRow();
                foreach (var (name, values) in _rows)
                    series.Set(name, values[row]);
            }

            return true;
        }

        public void Append(SeriesTable series) => Assert.Same(_series, series);

        public void Offer(int step, bool ending, IResumable<double[]> state)
        {
            Assert.False(ending);
            if (step != at || _kept.Count > 0)
                return;
            state.Exchange(new Store(_kept, reading: false));
            _rows = [.. _series!.Names.Select(name => (name, _series.Array(name)))];
            if (_rows.Count == 0)
                _rows = [("step", [])];
        }
    }

    private sealed class Store(Dictionary<string, double[]> kept, bool reading) : IStateStore<double[]>
    {
        public void Exchange(string name, double[] vector) => Exchange(name, vector.AsSpan());

        public void Exchange(string name, Span<double> numbers)
        {
            if (reading)
                kept[name].AsSpan().CopyTo(numbers);
            else
                kept.Add(name, numbers.ToArray());
        }
    }
}
