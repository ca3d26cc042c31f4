using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// Heavy-ball descent (7.1) as a collocation jet forecasts it, (4.26): the rule itself on the local model, which is a
/// potential, from the momentum that the run has at the reference point. The momentum is one of the vectors that the
/// Krylov basis starts from, and swing and knots are those of the rule's own path. The cubic of the knots has no lower
/// bound: where it alone takes the path out of the model, the forecast goes without it.
/// </summary>
public static class MomentumForecast
{
    /// <summary>Measures the jet and forecasts.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point; it must not change meanwhile.</param>
    /// <param name="direction">v, the unit leading eigenvector there.</param>
    /// <param name="momentum">m, of Polyak's form: the sum of past gradients, each times b for every step since.</param>
    /// <param name="decay">b, in [0, 1). How far it carries on networks stands under (4.26).</param>
    /// <param name="krylov">r, the number of Krylov vectors, at least 1.</param>
    /// <param name="stepSize">The step size eta, finite and above 0; the edge is 2 (1 + b) over the sharpness.</param>
    /// <param name="steps">The horizon T, at least 1.</param>
    /// <param name="options">What the jet measures.</param>
    /// <returns>u, S, L and the turn of v_1 for the steps 0 .. T; not finite from where the path leaves the model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Forecast Predict<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector direction,
        TVector momentum,
        double decay,
        int krylov,
        double stepSize,
        int steps,
        CollocationOptions options
    ) => Measure(surface, theta, direction, momentum, decay, krylov, stepSize, steps, options, trusts: false).Forecast;

    /// <summary>
    /// The same, and where it is asked for how far the model agrees with the surface along this path, (4.16); the jet
    /// whose model it ran on, and the momentum in its coordinates, for others that run there. What else wants the jet as
    /// it was measured, and its basis, is handed both, before the basis is gone.
    /// </summary>
    internal static (Forecast Forecast, PathTrust? Trust, Jet Jet, double[] Momentum) Measure<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector direction,
        TVector momentum,
        double decay,
        int krylov,
        double stepSize,
        int steps,
        CollocationOptions options,
        bool trusts,
        Action<Jet, IVectorBlock<TVector>>? then = null
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        Require.Decay(decay, "momentum");
        Require.InRange(krylov, 1);
        var space = surface.Space;
        using var point = surface.At(theta);
        using var basis = Jet.Basis(space, krylov)!;
        using var further = space.CreateBlock(1);
        space.Copy(momentum, further[0]);
        var jet = CollocationJet.Along(
            surface,
            theta,
            point,
            direction,
            basis,
            new JetRuns([stepSize], steps),
            options,
            double.NaN,
            double.NaN,
            further,
            (model, reach) => [.. Path(model, reach)]
        );
        var used = jet;
        var (whole, path) = Whole(used);
        if (path.Length <= steps && jet.Krylov!.Cubic is not null)
        {
            used = jet with { Krylov = jet.Krylov with { Cubic = null } };
            (whole, path) = Whole(used);
        }

        var forecast = new ModelForecast(whole, jet, steps);
        double[] lost = [.. Enumerable.Repeat(double.NaN, whole.Dimension)];
        for (var t = 0; t <= steps; t++)
            forecast.Read(t, t < path.Length ? path[t] : lost);
        var trust = trusts ? PathTrust.Along(surface, theta, direction, basis, whole, path, steps) : null;
        then?.Invoke(jet, basis);
        return (forecast.Build("heavy-ball"), trust, used, Held(whole.Dimension));

        (LocalModel Model, double[][] Path) Whole(Jet of)
        {
            var model = LocalModel.Whole(of);
            return (model, [.. Path(model, double.PositiveInfinity)]);
        }

        // (v . m, Q^T m).
        double[] Held(int dimension)
        {
            var held = new double[dimension];
            held[0] = space.Dot(direction, momentum);
            basis.Project(momentum, held.AsSpan(1));
            return held;
        }

        // The points for as long as they are finite and |u| within reach.
        IEnumerable<double[]> Path(LocalModel model, double reach)
        {
            var flat = new DenseSpace(model.Dimension);
            using var rule = new Momentum<double[]>(flat, decay);
            double[] place = flat.Create(),
                gradient = Held(model.Dimension);
            // A step of no length: the rule then has the momentum of the run, as far as v and Q reach.
            rule.Apply(0, gradient, place);
            for (var t = 0; t <= steps; t++)
            {
                if (!place.All(double.IsFinite) || !(Math.Abs(place[0]) <= reach))
                    yield break;
                yield return [.. place];
                model.Gradient(place, gradient);
                rule.Apply(stepSize, gradient, place);
            }
        }
    }
}
