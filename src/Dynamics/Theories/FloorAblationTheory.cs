using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>What is taken from the floor's motion, (5.4).</summary>
public enum FloorRemoval
{
    /// <summary>Its memory: its own stiffness does not act on f, and (4.2) returns.</summary>
    Memory,

    /// <summary>The relaxation of its response, the effect of H grad S: the stiffness acts on the drift that the floor has without u, and not on what u has added.</summary>
    Relaxation,

    /// <summary>Its response: u does not push it.</summary>
    Response,
}

/// <summary>
/// The memory map with the cubic coupling, (4.9), (4.10), (4.13), with one mechanism of the floor removed from the motion
/// and everything else left as it is, the reading of S and of the turn of v_1 included: (5.4). With g(u, f) the gradient
/// in f of the local model and b(u) = g(u, 0): f+ = f - eta b(u) for the memory; f = d + e, d+ = d - eta g(0, d),
/// e+ = e - eta (b(u) - b(0)) for the relaxation, in both with u+ = u - eta (V' + b' . f); f+ = f - eta g(0, f) for the
/// response.
/// </summary>
public sealed class FloorAblationTheory : ITheory
{
    private readonly int _order;
    private readonly FloorRemoval _removed;

    /// <summary>Makes the theory.</summary>
    /// <param name="order">K, from 2 to 6.</param>
    /// <param name="removed">What is removed.</param>
    public FloorAblationTheory(int order, FloorRemoval removed)
    {
        if (!Enum.IsDefined(removed))
            throw new ArgumentOutOfRangeException(nameof(removed), $"removed is {removed}; it must be a mechanism.");
        (_order, _removed) = (Require.InRange(order, 2, 6), removed);
    }

    /// <inheritdoc/>
    public string Name => $"memory-map-{_order}-cubic-{Suffix}";

    /// <inheritdoc/>
    public string Summary =>
        $"curvature-moment map with K = {_order}, memory and cubic coupling, {Removed} removed from the floor's motion, eq. (5.4)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(_order, Krylov: true, Coupling: true, Cut: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing =>
        new(TheoryFamily.CurvatureMoments, TheoryOrigin.Ours, "derived here", TheoryRole.Ablation);

    private string Suffix =>
        _removed switch
        {
            FloorRemoval.Memory => "forgetful",
            FloorRemoval.Relaxation => "unrelaxed",
            _ => "unpushed",
        };

    private string Removed =>
        _removed switch
        {
            FloorRemoval.Memory => "memory",
            FloorRemoval.Relaxation => "the relaxation of the response (H grad S)",
            _ => "the response to u",
        };

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        // The floor's own form, T and what it changes by, is in the one and not in the other's force and push.
        LocalModel model = new(jet, _order, cubic: true),
            bare = new(jet, _order);
        var forecast = new ModelForecast(model, jet, steps);
        var n = model.Dimension;
        double[] state = new double[n],
            next = new double[n],
            drift = new double[n],
            ahead = new double[n],
            push = new double[n],
            line = new double[n];
        var resting = new double[n];
        bare.Gradient(line, resting);
        for (var t = 0; t <= steps; t++)
        {
            forecast.Read(t, state);
            if (_removed == FloorRemoval.Response)
            {
                model.Descend(state, stepSize, next);
                state.AsSpan(1).CopyTo(drift.AsSpan(1));
                Drift();
                ahead.AsSpan(1).CopyTo(next.AsSpan(1));
            }
            else
            {
                next[0] = state[0] - (stepSize * bare.MomentAt(1, state));
                line[0] = state[0];
                bare.Gradient(line, push);
                if (_removed == FloorRemoval.Relaxation)
                    Drift();
                for (var i = 1; i < n; i++)
                    next[i] =
                        _removed == FloorRemoval.Memory
                            ? state[i] - (stepSize * push[i])
                            : state[i] + (ahead[i] - drift[i]) - (stepSize * (push[i] - resting[i]));
                (drift, ahead) = (ahead, drift);
            }

            (state, next) = (next, state);
        }

        return forecast.Build(Name);

        // One step of the floor where u = 0 stays.
        void Drift()
        {
            drift[0] = 0;
            model.Descend(drift, stepSize, ahead);
        }
    }
}
