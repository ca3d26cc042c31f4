using System.Runtime.ExceptionServices;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>What is forecast, and from what.</summary>
/// <param name="Horizon">T, the number of steps forecast, at least 1.</param>
/// <param name="Order">The order K of the jet, from 2 to the surface's highest.</param>
/// <param name="Krylov">The number r of Krylov vectors of the jet; 0 for none.</param>
/// <param name="Cubic">Whether the jet carries the cubic coupling (4.10); it needs Krylov vectors.</param>
/// <param name="Tolerance">The residual of the run's leading pair relative to |H|, at each step.</param>
/// <param name="Seed">Seeds the eigensolvers' starts.</param>
/// <param name="JetTolerance">The residual of the jet's own v_1 relative to |H|; a v_1 that is slightly off is still a direction of which the jet, m_1 and grad m_1 included, is exact.</param>
/// <param name="TrailingTolerance">The residual of the smallest eigenvalue's vector, of which the coupled map alone asks; the eigenvalue is good to its square over the gap.</param>
/// <param name="Trust">Whether the jet is held against the surface at the largest |u| that memory and all moments let expect (<see cref="ModelTrust"/>) and along the path (<see cref="PathTrust"/>); it needs Krylov vectors.</param>
public sealed record TrialOptions(
    int Horizon, int Order, int Krylov, bool Cubic = false, double Tolerance = 1e-4, int Seed = 1, double JetTolerance = 1e-8, double TrailingTolerance = 1e-8, bool Trust = false);

/// <summary>What a trial leaves behind.</summary>
/// <param name="Series">
/// One row a step from the reference point on: step, displacement, sharpness, loss, rotation (degrees from the reference v_1) and moment_3, moment_4 (D^k L along the reference v_1); for each theory that did not decline
/// THEORY_displacement, THEORY_sharpness, THEORY_loss, THEORY_validity, and where it forecasts them THEORY_rotation (degrees), THEORY_amplitude, THEORY_moment_3, THEORY_moment_4.
/// </param>
/// <param name="Declined">Why each theory that declined did so.</param>
/// <param name="JetCost">The cost of the jet in gradient-equivalents, its eigenpair included.</param>
/// <param name="Diverged">Whether the run left the finite numbers before the horizon; the series ends there.</param>
public sealed record TrialOutcome(SeriesTable Series, SortedDictionary<string, string> Declined, double JetCost, bool Diverged)
{
    /// <summary>How far the jet could be trusted, known before the run; null when it was not asked.</summary>
    public ModelTrust? Trust { get; init; }

    /// <summary>How far it could be trusted along the path that it forecasts, known before the run as well; null when it was not asked. What it cost is not in <see cref="JetCost"/>.</summary>
    public PathTrust? Path { get; init; }
}

/// <summary>
/// One trial of all theories: from one reference point a jet, from the jet the forecasts, all before any step is made; then gradient descent (1.1) from the same point, measured at every step.
/// The same code for landscapes and networks.
/// </summary>
public static class ForecastTrial
{
    private const double Degrees = 180 / Math.PI;

    /// <summary>Makes the trial.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point; holds the end point afterwards.</param>
    /// <param name="stepSize">The step size eta of the run forecast, finite and above 0.</param>
    /// <param name="theories">Those who forecast.</param>
    /// <param name="options">What is forecast.</param>
    /// <param name="progress">Called after each step with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and run side by side.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrialOutcome Run<TVector>(
        ISurface<TVector> surface, TVector theta, double stepSize, IReadOnlyList<ITheory> theories, TrialOptions options, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(theories);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(stepSize);
        Require.InRange(options.Horizon, 1, name: "horizon");
        using var leading = new LeadingPair<TVector>(surface, options.Tolerance, options.Seed);
        var before = surface.Cost.GradientEquivalents;
        var (forecasts, trust, path) = Predict(surface, theta, stepSize, theories, options, leading);
        var cost = surface.Cost.GradientEquivalents - before - (path?.Cost ?? 0);
        var declined = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var forecast in forecasts)
            if (forecast.Declined is { } reason) declined[forecast.Theory] = reason;
        var series = new SeriesTable();
        Forecast[] made = [.. forecasts.Where(f => f.Declined is null)];
        for (var t = 0; t <= options.Horizon; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            using (var point = surface.At(theta))
            {
                if (!double.IsFinite(point.Loss) || !double.IsFinite(surface.Space.Norm(point.Gradient))) return new TrialOutcome(series, declined, cost, true) { Trust = trust, Path = path };
                leading.Measure(point);
                Write(series, t, point, theta, leading);
                foreach (var forecast in made) Write(series, forecast, t);
                surface.Space.Axpy(-stepSize, point.Gradient, theta);
            }

            progress?.Invoke(t);
        }

        return new TrialOutcome(series, declined, cost, false) { Trust = trust, Path = path };
    }

    /// <summary>All that is said before the run, and how far the jet that it is said from agrees with the surface.</summary>
    private static (Forecast[] Forecasts, ModelTrust? Trust, PathTrust? Path) Predict<TVector>(
        ISurface<TVector> surface, TVector theta, double stepSize, IReadOnlyList<ITheory> theories, TrialOptions options, LeadingPair<TVector> leading)
    {
        using var point = surface.At(theta);
        using var basis = Jets.Jet.Basis(surface.Space, options.Krylov);
        var jet = Jet(surface, theta, point, options, leading, basis);
        var forecasts = new Forecast[theories.Count];
        try
        {
            Parallel.For(0, theories.Count, i => forecasts[i] = theories[i].Predict(jet, stepSize, options.Horizon));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        // A jet from which nothing can be said of u, for want of a leading direction, has no distance to be held at.
        if (!options.Trust || new MemoryTheory(options.Order).Predict(jet, stepSize, options.Horizon) is not { Declined: null } along) return (forecasts, null, null);
        var trust = ModelTrust.Measure(surface, theta, point, leading.Direction, jet, along.Displacement.Max(Math.Abs));
        // A forecast by memory has Krylov vectors.
        return (forecasts, trust, PathTrust.Measure(surface, theta, leading.Direction, basis!, jet, stepSize, options.Horizon));
    }

    /// <summary>The jet at the reference point; its v_1, with m_3 not negative, becomes the reference direction.</summary>
    private static Jet Jet<TVector>(ISurface<TVector> surface, TVector theta, ISurfacePoint<TVector> point, TrialOptions options, LeadingPair<TVector> leading, IVectorBlock<TVector>? basis)
    {
        var space = surface.Space;
        using var frame = new EigenFrame<TVector>(space, 1);
        var random = new Random(options.Seed);
        var start = space.Create();
        space.FillGaussian(start, random);
        var again = options.TrailingTolerance > options.JetTolerance;
        using (var solver = new LanczosEigensolver<TVector>(space, new LanczosOptions(Math.Max(options.JetTolerance, options.TrailingTolerance))))
        {
            // Copies of v_1 are looked for once, beside the pair that is kept.
            if (again) solver.Iterate(point.HessianVector, start, random, frame, trailing: true, default);
            else solver.Solve(point.HessianVector, start, random, frame);
        }

        var trailing = frame.Trailing;
        if (again)
        {
            using var solver = new LanczosEigensolver<TVector>(space, new LanczosOptions(options.JetTolerance, Trailing: false));
            space.Copy(frame.Vectors[0], start);
            solver.Solve(point.HessianVector, start, random, frame);
        }

        space.Release(start);
        var direction = frame.Vectors[0];
        var jet = Jets.Jet.Along(surface, point, direction, options.Order, trailing, frame.Gap(0), basis, options.Cubic);
        leading.SetReference(theta, direction);
        return jet;
    }

    private static void Write<TVector>(SeriesTable table, int step, ISurfacePoint<TVector> point, TVector theta, LeadingPair<TVector> leading)
    {
        Span<double> moments = stackalloc double[4];
        point.DirectionalDerivatives(leading.Direction, moments);
        table.AddRow();
        table.Set(Columns.Step, step);
        table.Set("displacement", leading.Displacement(theta));
        table.Set(Columns.Sharpness, leading.Sharpness);
        table.Set(Columns.Loss, leading.Loss);
        table.Set("rotation", leading.Rotation() * Degrees);
        for (var k = 3; k <= 4; k++) table.Set($"moment_{k}", moments[k - 1]);
    }

    private static void Write(SeriesTable table, Forecast forecast, int t)
    {
        if (forecast.Displacement.Length > 0) table.Set($"{forecast.Theory}_displacement", forecast.Displacement[t]);
        if (forecast.Sharpness.Length > 0) table.Set($"{forecast.Theory}_sharpness", forecast.Sharpness[t]);
        if (forecast.Loss.Length > 0) table.Set($"{forecast.Theory}_loss", forecast.Loss[t]);
        if (forecast.Rotation.Length > 0) table.Set($"{forecast.Theory}_rotation", forecast.Rotation[t] * Degrees);
        if (forecast.Amplitude.Length > 0) table.Set($"{forecast.Theory}_amplitude", forecast.Amplitude[t]);
        for (var k = 3; k <= Math.Min(4, forecast.Moments.Length); k++) table.Set($"{forecast.Theory}_moment_{k}", forecast.Moments[k - 1][t]);
        table.Set($"{forecast.Theory}_validity", forecast.Validity[t]);
    }
}
