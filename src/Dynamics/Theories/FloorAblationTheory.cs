using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>What is taken from the floor's motion, (5.4).</summary>
public enum FloorRemoval
{
    /// <summary>Its memory: its own stiffness T does not act on f.</summary>
    Memory,

    /// <summary>The relaxation of its response, the effect of H grad S: T acts on the drift that the floor has without u, and not on what u has added.</summary>
    Relaxation,

    /// <summary>Its response: u does not push it.</summary>
    Response,
}

/// <summary>
/// The memory map with the cubic coupling, (4.9), (4.10), (4.13), with one mechanism of the floor removed from the motion
/// and everything else left as it is, the reading of S and of the turn of v_1 included: (5.4). With g(u, f) the gradient
/// in f of the local model,
/// f+ = f - eta (g(u, f) - T w), w = f for the memory, w = f - d with d+ = d - eta g(0, d) for the relaxation;
/// f+ = f - eta g(0, f) for the response. u moves as ever.
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
        var model = new LocalModel(jet, _order, cubic: true);
        var forecast = new ModelForecast(model, jet, steps);
        var n = model.Dimension;
        double[] state = new double[n],
            next = new double[n],
            drift = new double[n],
            ahead = new double[n],
            response = new double[n];
        for (var t = 0; t <= steps; t++)
        {
            forecast.Read(t, state);
            model.Descend(state, stepSize, next);
            // Of the drift u stays 0; of the floor without response it is not looked at.
            (_removed == FloorRemoval.Response ? state : drift)
                .AsSpan(1)
                .CopyTo(drift.AsSpan(1));
            model.Descend(drift, stepSize, ahead);
            if (_removed == FloorRemoval.Response)
                ahead.AsSpan(1).CopyTo(next.AsSpan(1));
            else
                Relieve(jet.Krylov!.Hessian, stepSize, state, drift, response, next);
            (drift, ahead) = (ahead, drift);
            drift[0] = 0;
            (state, next) = (next, state);
        }

        return forecast.Build(Name);
    }

    /// <summary>next := next + eta T w on the floor.</summary>
    private void Relieve(
        double[,] stiffness,
        double stepSize,
        double[] state,
        double[] drift,
        double[] response,
        double[] next
    )
    {
        for (var i = 1; i < state.Length; i++)
            response[i] = _removed == FloorRemoval.Memory ? state[i] : state[i] - drift[i];
        for (var i = 1; i < state.Length; i++)
        {
            var sum = 0.0;
            for (var j = 1; j < state.Length; j++)
                sum += stiffness[i - 1, j - 1] * response[j];
            next[i] += stepSize * sum;
        }
    }
}
