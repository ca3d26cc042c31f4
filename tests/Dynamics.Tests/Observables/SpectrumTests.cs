using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>Pairs, trace and density of spectra that are known.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class SpectrumTests
{
    [Property]
    public void Measure_AnySpectrum_HasBothEndsAndTheTrace(Seed seed, Size size)
    {
        var random = seed.Random();
        var scale = Math.Pow(10, random.Next(-12, 13));
        // Repeated values and zeros included.
        double[] values =
        [
            .. Enumerable
                .Range(0, size.Value)
                .Select(_ => scale * Math.Round(random.NextDouble() * 8 - 4, random.Next(0, 4))),
        ];
        var k = random.Next(1, values.Length + 1);
        var spectrum = Of(values, k, new SpectrumOptions(Probes: 20, Seed: random.Next()));
        double[] sorted = [.. values.OrderDescending()];
        var trailing = Math.Min(k, values.Length - k);
        Assert.True(spectrum.Converged);
        Assert.False(spectrum.PossiblyMissed);
        Assert.Equal((k, trailing), (spectrum.Leading.Count, spectrum.Trailing.Count));
        for (var i = 0; i < k; i++)
            Near.Equal(sorted[i], spectrum.Leading[i], spectrum.LeadingResiduals[i], $"leading {i}");
        for (var i = 0; i < trailing; i++)
            Near.Equal(sorted[^(i + 1)], spectrum.Trailing[i], spectrum.TrailingResiduals[i], $"trailing {i}");
        // Six standard errors of twenty probes, each estimated to a sixth or so; and the rounding of the pairs.
        Near.Equal(
            values.Sum(),
            spectrum.Trace.Value,
            (8 * spectrum.Trace.StandardError) + spectrum.LeadingResiduals.Sum() + spectrum.TrailingResiduals.Sum(),
            "trace"
        );
    }

    [Property(MaxTest = 15)]
    public void Density_OutliersAndABulk_LiesWithinItsBand(Seed seed)
    {
        const int probes = 100,
            depth = 40,
            k = 3;
        var random = seed.Random();
        var (values, scale) = BulkAndOutliers(random);
        var spectrum = Of(values, k, new SpectrumOptions(probes, depth, Seed: random.Next()));
        var density = spectrum.Density();
        double[] exact =
        [
            .. density.Grid.Select(at =>
                values.Average(x =>
                    Math.Exp(-Math.Pow((at - x) / density.Width, 2) / 2) / (density.Width * Math.Sqrt(2 * Math.PI))
                )
            ),
        ];
        // The band has 1.98 standard errors; six of them have a probability of 3e-8 a point. Known pairs are off by at
        // most
        // their residual, which moves a Gaussian by less than it over its width of the peak.
        var peak = 1 / (density.Width * Math.Sqrt(2 * Math.PI));
        var moved =
            4
            * spectrum.LeadingResiduals.Concat(spectrum.TrailingResiduals).Max()
            / density.Width
            * peak
            / values.Length;
        for (var i = 0; i < exact.Length; i++)
            Near.Equal(
                exact[i],
                density.Values[i],
                (3.1 * density.Errors[i]) + moved + (1e-10 * peak),
                $"at {density.Grid[i] / scale}"
            );
        // A density: trapezoids over a grid finer than the width; what six standard errors of the total weight are is
        // 0, since each probe's weights sum to 1.
        var total = Enumerable
            .Range(1, exact.Length - 1)
            .Sum(i => (density.Grid[i] - density.Grid[i - 1]) * (density.Values[i] + density.Values[i - 1]) / 2);
        // Four widths beyond the ends hold all but 6e-5. Trapezoids of step h are off by h^2 / 12 times the integral of
        // |f''|, at most 4 phi(1) / w^2 for Gaussians of width w: 8.97e-3 at w / 3. Across a gap between outliers, at
        // most 10 widths here, they see 10 phi(4) of an eigenvalue, of which there are 156: below 1e-5 each.
        Near.Equal(1, total, 9.2e-3, "total");
    }

    [Property]
    public void Density_AnySpectrum_HasPointsByPairsAndWidths(Seed seed, Size size)
    {
        var random = seed.Random();
        var scale = Math.Pow(10, random.Next(-12, 13));
        // Repeated values and zeros included: points of a grid then coincide, or nearly.
        double[] values =
        [
            .. Enumerable.Range(0, size.Value).Select(_ => scale * Math.Round((random.NextDouble() * 8) - 4)),
        ];
        var k = random.Next(1, values.Length + 1);
        var spectrum = Of(values, k);
        var (width, left) = (scale * Math.Pow(10, random.Next(-15, 4)), values.Length - (2 * k));
        var density = spectrum.Density(width);
        // 24 segments about each pair that stands alone, and between the innermost a third of a width each, 2,000 at most.
        var bulk = Math.Min(
            2000,
            Math.Round((spectrum.Leading[^1] - (spectrum.Trailing.Count > 0 ? spectrum.Trailing[^1] : 0)) / width * 3)
        );
        var expected = left > 0 ? (25 * 2 * (k - 1)) + 25 + bulk : 25 * values.Length;
        Assert.Equal(expected, density.Grid.Length);
        Assert.Equal(density.Grid.Order(), density.Grid);
        Assert.All(density.Grid.Concat(density.Values).Concat(density.Errors), x => Assert.True(double.IsFinite(x)));
    }

    [Property(MaxTest = 15)]
    public void Mean_OfSteps_IsNearInWassersteinDistance(Seed seed)
    {
        const int probes = 20,
            depth = 30,
            k = 3,
            cells = 2000;
        var random = seed.Random();
        var (values, _) = BulkAndOutliers(random);
        var spectrum = Of(values, k, new SpectrumOptions(probes, depth, Seed: random.Next()));
        double[] sorted = [.. values.Order()];
        var (low, high, rest) = (sorted[k - 1], sorted[^k], values.Length - (2 * k));
        var cell = (high - low) / cells;
        var distance = Enumerable
            .Range(0, cells)
            .Sum(i =>
            {
                var at = low + ((i + 0.5) * cell);
                return cell
                    * Math.Abs(
                        spectrum.Mean(x => x <= at ? 1 : 0).Value - sorted.Count(x => x <= at) / (double)values.Length
                    );
            });
        // Quadratures of m nodes share 2 m moments with what they stand for, so that no function of slope 1 differs by
        // more than
        // twice its distance from the polynomials, pi half / (4 m) by Jackson; the share of probes below any point has
        // a
        // variance of at most 1 / (2 (d + 2) n); six of those, over the whole length; and a cell on either side for the
        // sum.
        var half = (high - low) / 2;
        var tolerance = (Math.PI * half / (2 * depth)) + (6 * 2 * half / Math.Sqrt(2.0 * rest * probes)) + (2 * cell);
        Assert.True(distance <= tolerance, $"{distance} is above {tolerance}");
    }

    [Fact]
    public void Measure_NotFinite_IsNaNAndNeverConverged()
    {
        var spectrum = Of([1, double.NaN, 2], 1);
        Assert.False(spectrum.Converged);
        Assert.True(double.IsNaN(spectrum.Trace.Value));
        Assert.Empty(spectrum.Density(0.1).Grid);
    }

    [Theory]
    [InlineData(0, 2, 5)]
    [InlineData(4, 2, 5)]
    [InlineData(1, 1, 5)]
    [InlineData(1, 2, 0)]
    public void Measure_OutOfRange_NamesIt(int k, int probes, int depth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Of([1, 2, 3], k, new SpectrumOptions(probes, depth)));

    [Property]
    public void Bound_ChebyshevQuadrature_HoldsAtEveryWidth(Seed seed)
    {
        var random = seed.Random();
        var (points, width, at) = (
            random.Next(1, 60),
            Math.Pow(10, (random.NextDouble() * 3) - 2),
            (random.NextDouble() * 2.4) - 1.2
        );
        double Density(double x) => Math.Exp(-Math.Pow((at - x) / width, 2) / 2) / (width * Math.Sqrt(2 * Math.PI));
        // Equal weights at Chebyshev's points are the Gauss quadrature of their weight; 4,000 of them integrate a
        // Gaussian of a hundredth of the interval to rounding.
        double Mean(int m) => Enumerable.Range(0, m).Average(i => Density(Math.Cos(Math.PI * (i + 0.5) / m)));
        var error = Math.Abs(Mean(points) - Mean(4000));
        Assert.True(
            error <= GaussianQuadratureError.Of(points, width, 1) + (1e-12 / width),
            $"{error} at {points} points, width {width}"
        );
        var share = Math.Pow(10, -8 * random.NextDouble());
        var chosen = GaussianQuadratureError.Width(points, 2, share);
        // Found from above to a thousandth of the width; the logarithm of the bound falls by no more than 2 ln (4 /
        // share), below
        // 50, in that of the width.
        var reached = GaussianQuadratureError.Of(points, chosen, 2) * chosen * Math.Sqrt(2 * Math.PI);
        Assert.InRange(reached, share * 0.95, share * (1 + 1e-9));
    }

    /// <summary>A bulk of 150 eigenvalues, three outliers at each end, at any scale.</summary>
    private static (double[] Values, double Scale) BulkAndOutliers(Random random)
    {
        var scale = Math.Pow(10, random.Next(-6, 7));
        double[] values =
        [
            .. Enumerable.Range(0, 150).Select(_ => scale * (random.NextDouble() + random.NextDouble() - 1)),
            .. Enumerable.Range(2, 3).Select(i => scale * 2 * i),
            .. Enumerable.Range(2, 3).Select(i => -scale * i),
        ];
        return (values, scale);
    }

    private static Spectrum Of(double[] values, int k, SpectrumOptions? options = null) =>
        Spectrum.Measure(new Diagonal(values), new double[values.Length], k, options);

    /// <summary>
    /// 1/2 sum_i lambda_i x_i^2: starts and probes are as likely in any basis, so that this one stands for all.
    /// </summary>
    private sealed class Diagonal(double[] eigenvalues) : ISurface<double[]>, ISurfacePoint<double[]>
    {
        public IVectorSpace<double[]> Space { get; } = new DenseSpace(eigenvalues.Length);

        public CostLedger Cost { get; } = new();

        public int MaximumOrder => 4;

        public double Loss => 0;

        public double[] Gradient { get; } = new double[eigenvalues.Length];

        public double LossAndGradient(double[] theta, double[] gradient) => throw new NotSupportedException();

        public ISurfacePoint<double[]> At(double[] theta) => this;

        public void HessianVector(double[] direction, double[] result)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] = eigenvalues[i] * direction[i];
        }

        public void DirectionalDerivatives(double[] direction, Span<double> derivatives) =>
            throw new NotSupportedException();

        public void DirectionalGradient(double[] direction, int order, double[] result) =>
            throw new NotSupportedException();

        public void Dispose() { }
    }
}
