using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>A probe that was saved and restored goes on with the same bits; its cadence and its cost columns.</summary>
public class CurvatureProbeResumptionTests
{
    private const int Measurements = 9;

    [Theory]
    [InlineData(3, null)]
    [InlineData(70, null)]
    [InlineData(70, "adam")]
    public void Exchange_SavedAndRestoredAnywhere_GoesOnWithTheSameBits(int dimension, string? rule)
    {
        // 70 dimensions are followed by the tracker, with guards; 3 are spanned by Lanczos.
        var (surface, thetas) = Path(dimension);
        for (var cut = 0; cut < Measurements; cut++)
        {
            using var optimiser = rule is null ? null : OptimiserSpec.Of(rule).Create(surface.Space);
            using CurvatureProbe<double[]> whole = Probe(surface, optimiser),
                resumed = Probe(surface, optimiser);
            SeriesTable expected = new(),
                actual = new();
            var store = new MemoryStore();
            for (var t = 0; t < Measurements; t++)
            {
                if (t == cut)
                {
                    whole.Exchange(store);
                    store.Reading = true;
                    resumed.Exchange(store);
                }

                // Adaptive rules have a preconditioner from their first step on.
                double[] gradient = new double[dimension],
                    moved = [.. thetas[t]];
                surface.LossAndGradient(moved, gradient);
                optimiser?.Apply(0.01, gradient, moved);
                Measure(whole, thetas[t], expected);
                if (t >= cut)
                    Measure(resumed, thetas[t], actual);
            }

            Assert.Equal(expected.Names, actual.Names);
            foreach (var name in expected.Names)
                Assert.Equal(expected.Array(name)[cut..], actual.Array(name));
        }
    }

    [Fact]
    public void Measure_TrailingAtItsOwnCadence_IsNotANumberBetween()
    {
        var (surface, thetas) = Path(70);
        using var probe = Probe(surface, null);
        var table = new SeriesTable();
        foreach (var theta in thetas)
            Measure(probe, theta, table);
        for (var t = 0; t < Measurements; t++)
        {
            Assert.Equal(t % 4 != 0, double.IsNaN(table[Columns.TrailingEigenvalue][t]));
            Assert.Equal(t % 4 != 0, double.IsNaN(table["residual_min"][t]));
            Assert.False(double.IsNaN(table[Columns.Sharpness][t]));
        }
    }

    [Fact]
    public void Measure_AnyRow_StatesWhatTheLedgerGainedByIt()
    {
        var (surface, thetas) = Path(70);
        using var probe = Probe(surface, null);
        var table = new SeriesTable();
        foreach (var theta in thetas)
        {
            var (products, cost) = (surface.Cost.HessianVectorProducts, surface.Cost.GradientEquivalents);
            Measure(probe, theta, table);
            Assert.Equal(surface.Cost.HessianVectorProducts - products, table["measurement_products"][^1]);
            // Sums of thirds up to a few hundred, each rounded.
            Near.Equal(
                surface.Cost.GradientEquivalents - cost,
                table[Columns.MeasurementCost][^1],
                1e3 * Near.Roundoff,
                "cost"
            );
            Assert.Equal(probe.Frame.Products, table["measurement_products"][^1]);
        }
    }

    private static (SeparableSurface Surface, double[][] Thetas) Path(int dimension)
    {
        var random = new Random(dimension);
        var surface = new SeparableSurface([
            .. Enumerable.Range(0, dimension).Select(i => i < 3 ? 6.0 - i : Draw.Uniform(random, 0.5)),
        ]);
        var start = Draw.Vector(random, dimension, 0.1);
        return (
            surface,
            [.. Enumerable.Range(0, Measurements).Select(t => (double[])[.. start.Select(x => x * (1 - (0.01 * t)))])]
        );
    }

    private static CurvatureProbe<double[]> Probe(SeparableSurface surface, IUpdateRule<double[]>? rule) =>
        new(
            surface,
            new CurvatureProbeOptions(2, new LanczosOptions(), Seed: 7)
            {
                TrailingEvery = 4,
                ReferenceMeasurement = 3,
                Tracking = new TrackingOptions(2),
            },
            rule
        );

    private static void Measure(CurvatureProbe<double[]> probe, double[] theta, SeriesTable table)
    {
        table.AddRow();
        probe.Measure(theta, 0.5, table);
    }

    /// <summary>L = sum a_i x_i^2 / 2 + x_i^3 / 6: enough dimensions for the tracker at little cost.</summary>
    private sealed class SeparableSurface(double[] a) : ISurface<double[]>
    {
        public IVectorSpace<double[]> Space { get; } = new DenseSpace(a.Length);

        public CostLedger Cost { get; } = new();

        public int MaximumOrder => 4;

        public double LossAndGradient(double[] theta, double[] gradient)
        {
            Cost.Gradients++;
            for (var i = 0; i < a.Length; i++)
                gradient[i] = (a[i] * theta[i]) + (theta[i] * theta[i] / 2);
            return theta.Zip(a, (x, c) => (c * x * x / 2) + (x * x * x / 6)).Sum();
        }

        public ISurfacePoint<double[]> At(double[] theta) => new Point(this, a, [.. theta]);

        private sealed class Point : ISurfacePoint<double[]>
        {
            private readonly SeparableSurface _surface;
            private readonly double[] _second;

            public Point(SeparableSurface surface, double[] a, double[] theta)
            {
                (_surface, _second, Gradient) = (surface, [.. theta.Zip(a, (x, c) => c + x)], new double[a.Length]);
                Loss = surface.LossAndGradient(theta, Gradient);
            }

            public double Loss { get; }

            public double[] Gradient { get; }

            public void HessianVector(double[] direction, double[] result)
            {
                _surface.Cost.HessianVectorProducts++;
                for (var i = 0; i < result.Length; i++)
                    result[i] = _second[i] * direction[i];
            }

            public void DirectionalDerivatives(double[] direction, Span<double> derivatives)
            {
                derivatives.Clear();
                for (var i = 0; i < direction.Length; i++)
                {
                    derivatives[0] += Gradient[i] * direction[i];
                    derivatives[1] += _second[i] * direction[i] * direction[i];
                    derivatives[2] += Math.Pow(direction[i], 3);
                }
            }

            public void DirectionalGradient(double[] direction, int order, double[] result) =>
                throw new NotSupportedException("The probe predicts no rotation here.");

            public void Dispose() { }
        }
    }
}
