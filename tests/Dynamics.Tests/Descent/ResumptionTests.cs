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
    public void Run_TakenUpAnywhere_SameBits(Seed seed, Size size, Size rule, Size cadence)
    {
        var random = seed.Random();
        double[] start = [.. Enumerable.Range(0, size.Value).Select(_ => random.NextDouble() - 0.5)];
        var optimiser = new OptimiserSpec { Name = OptimiserSpec.Names[(rule.Value - 1) % OptimiserSpec.Names.Count] };
        var probe = new CurvatureProbeOptions(random.Next(1, size.Value + 1), new LanczosOptions(1e-8), PredictRotation: true, Seed: seed.Value);
        var journal = new MemoryJournal(random.Next(13));
        var (whole, wholeEnd, wholeTheta, wholeCost) = Run(new MemoryJournal(-1));
        Run(journal);
        var (again, end, theta, cost) = Run(journal);
        Assert.Equal(wholeEnd, end);
        Assert.Equal(wholeTheta, theta);
        Assert.Equal(wholeCost, cost);
        Assert.Equal(whole.Names, again.Names);
        foreach (var name in whole.Names)
            Assert.True(whole[name].Select(BitConverter.DoubleToInt64Bits).SequenceEqual(again[name].Select(BitConverter.DoubleToInt64Bits)), $"{name}: {string.Join(' ', whole[name])} and {string.Join(' ', again[name])}");

        (SeriesTable Series, DescentResult End, double[] Theta, double Cost) Run(MemoryJournal kept)
        {
            var surface = Draw.Surface(seed.Random(), size.Value);
            double[] at = [.. start];
            var (series, result) = Recording.Run(surface, 0.05, new DescentLimits(12), at, probe, cadence.Value, optimiser: optimiser, journal: kept);
            return (series, result, at, surface.Cost.GradientEquivalents);
        }
    }

    /// <summary>Keeps one checkpoint, made before a given step, and gives it to the next run.</summary>
    private sealed class MemoryJournal(int at) : IRunJournal<double[]>
    {
        private readonly Dictionary<string, double[]> _kept = [];
        private SeriesTable? _series;
        private List<(string Name, double[] Values)> _rows = [];

        public bool TryResume(IResumable<double[]> state, SeriesTable series)
        {
            _series = series;
            if (_kept.Count == 0) return false;
            state.Exchange(new Store(_kept, reading: true));
            for (var row = 0; row < _rows[0].Values.Length; row++)
            {
                series.AddRow();
                foreach (var (name, values) in _rows) series.Set(name, values[row]);
            }

            return true;
        }

        public void Append(SeriesTable series) => Assert.Same(_series, series);

        public void Offer(int step, bool ending, IResumable<double[]> state)
        {
            Assert.False(ending);
            if (step != at || _kept.Count > 0) return;
            state.Exchange(new Store(_kept, reading: false));
            _rows = [.. _series!.Names.Select(name => (name, _series.Array(name)))];
            if (_rows.Count == 0) _rows = [("step", [])];
        }
    }

    private sealed class Store(Dictionary<string, double[]> kept, bool reading) : IStateStore<double[]>
    {
        public void Exchange(string name, double[] vector) => Exchange(name, vector.AsSpan());

        public void Exchange(string name, Span<double> numbers)
        {
            if (reading) kept[name].AsSpan().CopyTo(numbers);
            else kept.Add(name, numbers.ToArray());
        }
    }
}
