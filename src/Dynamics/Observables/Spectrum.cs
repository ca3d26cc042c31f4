using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.Distributions;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// The spectrum of the Hessian at a point: leading and trailing pairs one by one, the trace with its error, and the
/// density of
/// all eigenvalues. The pairs are taken exactly and stochastic Lanczos quadrature gives the rest, in their complement:
/// eqs. (1.4), (10.7), (10.8).
/// </summary>
public sealed class Spectrum
{
    // Points of the density's grid to a width w, straight between which the logarithm of a Gaussian is off by at most
    // (w / 3)^2 / (8 w^2) = 1 / 72; out to how many widths; and the most between the innermost pairs, where a width is
    // asked for that is far finer than the bulk.
    private const int PerWidth = 3,
        PeakReach = 4,
        MostSegments = 2000;

    // What the quadrature may be off, in units of what a single eigenvalue adds, where no width is asked for.
    private const double OfASingle = 0.1;

    private readonly StochasticLanczosQuadrature? _rest;

    private Spectrum(int dimension, StochasticLanczosQuadrature? rest) => (Dimension, _rest) = (dimension, rest);

    /// <summary>The number P of eigenvalues.</summary>
    public int Dimension { get; }

    /// <summary>The leading eigenvalues, largest first: k of them, or all.</summary>
    public required IReadOnlyList<double> Leading { get; init; }

    /// <summary>Residuals of the leading pairs: an eigenvalue lies within that distance.</summary>
    public required IReadOnlyList<double> LeadingResiduals { get; init; }

    /// <summary>The trailing eigenvalues, smallest first: k of them, or what the leading ones leave.</summary>
    public required IReadOnlyList<double> Trailing { get; init; }

    /// <summary>Residuals of the trailing pairs.</summary>
    public required IReadOnlyList<double> TrailingResiduals { get; init; }

    /// <summary>Whether every pair met the tolerance. Never where a number is not finite.</summary>
    public required bool Converged { get; init; }

    /// <summary>
    /// Whether an eigenvalue that belongs among the pairs, by more than their residuals, may have been missed: (10.5)
    /// could not exclude it, as is common where the bulk begins.
    /// </summary>
    public required bool PossiblyMissed { get; init; }

    /// <summary>tr H, with the standard error of what the pairs leave; 0 where they leave nothing.</summary>
    public required Estimate Trace { get; init; }

    /// <summary>Hessian products spent.</summary>
    public required int Products { get; init; }

    /// <summary>Measures the spectrum at a point.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The point.</param>
    /// <param name="k">The number of pairs at each end, at least 1; where both ends meet there are fewer.</param>
    /// <param name="options">How; null for ten probes of depth 80.</param>
    /// <returns>The spectrum; NaN throughout, and never converged, where the surface is not finite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names it.</exception>
    public static Spectrum Measure<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        int k,
        SpectrumOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        options ??= new SpectrumOptions();
        var space = surface.Space;
        Require.InRange(k, 1, space.Dimension);
        Require.InRange(options.Probes, 2);
        Require.InRange(options.Depth, 1);
        Require.InRange(options.MaximumIterations, 2);
        var tolerance = Require.Fraction(options.Tolerance ?? Math.Max(1e-6, 4 * Math.Sqrt(space.UnitRoundoff)));
        var (random, trailing) = (new Random(options.Seed), Math.Min(k, space.Dimension - k));
        using var point = surface.At(theta);
        using var ends = new SpectrumEnds<TVector>(
            space,
            point.HessianVector,
            new LanczosOptions(tolerance, options.MaximumIterations, Trailing: false),
            k,
            trailing,
            random
        );
        var left = space.Dimension - k - trailing;
        var rest =
            left == 0
                ? null
                : StochasticLanczosQuadrature.OfComplement(
                    space,
                    point.HessianVector,
                    ends.Vectors,
                    k + trailing,
                    options.Probes,
                    options.Depth,
                    random
                );
        var known = ends.Leading.Sum() + ends.Trailing.Sum();
        var mean = rest?.Moment(1) ?? new Estimate(0, 0);
        return new Spectrum(space.Dimension, rest)
        {
            Leading = ends.Leading,
            LeadingResiduals = ends.LeadingResiduals,
            Trailing = ends.Trailing,
            TrailingResiduals = ends.TrailingResiduals,
            Converged = ends.Converged,
            PossiblyMissed = ends.PossiblyMissed,
            Trace = new Estimate(known + (left * mean.Value), left * mean.StandardError),
            Products = ends.Products + (rest?.Products ?? 0),
        };
    }

    /// <summary>tr f(H) / P.</summary>
    /// <param name="function">f, finite on the spectrum.</param>
    /// <returns>The estimate; its standard error is that of the probes and knows nothing of the quadrature's
    /// bias.</returns>
    public Estimate Mean(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var known = Leading.Concat(Trailing).Sum(function) / Dimension;
        var share = (double)(Dimension - Leading.Count - Trailing.Count) / Dimension;
        var rest = _rest?.Mean(function) ?? new Estimate(0, 0);
        return new Estimate(known + (share * rest.Value), share * rest.StandardError);
    }

    /// <summary>
    /// The density of eigenvalues, (10.7), on a grid that follows the bulk and every known eigenvalue.
    /// </summary>
    /// <param name="width">The standard deviation of the Gaussian that each eigenvalue is widened to, above 0; null for
    /// the finest at which the quadrature may be off by a tenth of a single eigenvalue, (10.8).</param>
    public SpectralDensity Density(double? width = null)
    {
        var (low, high) = Bulk();
        var (half, size) = (Math.Max(0, (high - low) / 2), Math.Max(Math.Abs(Leading[0]), Math.Abs(Lowest)));
        // A bulk at one value, or none, still needs a width: a thousandth of the largest |eigenvalue|.
        var fallback = size > 0 ? size / 1000 : 1;
        var chosen = Require.Positive(
            width
                ?? (
                    _rest is null || !(half > fallback / 1000)
                        ? fallback
                        : GaussianQuadratureError.Width(_rest.Depth, half, OfASingle / Dimension)
                )
        );
        double[] grid = [.. Grid(low, high, chosen)];
        var bias = _rest is { IsExact: false } ? Share * GaussianQuadratureError.Of(_rest.Depth, chosen, half) : 0;
        // 95 % of Student's distribution: the scatter is itself an estimate, of few probes.
        var quantile = _rest is null ? 0 : StudentT.InvCDF(0, 1, _rest.Probes - 1, 0.975);
        Estimate[] values =
        [
            .. grid.Select(at =>
                Mean(x => Math.Exp(-Math.Pow((at - x) / chosen, 2) / 2) / (chosen * Math.Sqrt(2 * Math.PI)))
            ),
        ];
        return new SpectralDensity(
            grid,
            [.. values.Select(value => value.Value)],
            [.. values.Select(value => (quantile * value.StandardError) + bias)],
            chosen
        );
    }

    private double Share => (double)(Dimension - Leading.Count - Trailing.Count) / Dimension;

    private double Lowest => Trailing.Count > 0 ? Trailing[0] : Leading[^1];

    // What is not known one by one lies between the innermost pairs.
    private (double Low, double High) Bulk() => (Trailing.Count > 0 ? Trailing[^1] : Leading[^1], Leading[^1]);

    // How many points there are follows from the numbers of pairs and of widths within the bulk, and from no rounding:
    // where eigenvalues coincide, points do.
    private IEnumerable<double> Grid(double low, double high, double width)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
            return [];
        // Between the innermost pairs, where something is left there; else every pair stands alone.
        var (bulk, inner) = _rest is null ? ([], 0) : (Even(low, high, width), 1);
        var outer = Leading.SkipLast(inner).Concat(Trailing.SkipLast(inner));
        return outer.SelectMany(value => Even(value, value, width)).Concat(bulk).Order();
    }

    private static IEnumerable<double> Even(double low, double high, double width)
    {
        var (from, to) = (low - (PeakReach * width), high + (PeakReach * width));
        var between = Math.Min(MostSegments, Math.Round((high - low) / width * PerWidth));
        var segments = (int)between + (2 * PeakReach * PerWidth);
        return Enumerable.Range(0, segments + 1).Select(i => from + ((to - from) * i / segments));
    }
}
