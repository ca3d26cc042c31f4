using System.Numerics.Tensors;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Self-stabilization, generalised [R: Damian, Nichani, Lee 2023], eq. (6.2), in the coordinates of <see cref="LocalModel"/>. About the constrained trajectory theta^, which is gradient descent projected at each step on
/// S &lt;= 2/eta and u . g = 0, the displacement v moves by v+ = v - eta [ (x^2 - delta^2)/2 grad S_perp + H v + u x y ], x = u . v, y = grad S_perp . v, with u, H and grad S_perp taken at theta^, step by step.
/// The term delta^2 is what the projection takes off the trajectory's own step, to leading order in eta; here it is carried as exactly that, eta delta^2/2 grad S_perp = (theta^ - eta g) - theta^+, so that theta^ + v never
/// depends on how the projection was done, and so that below the edge, where nothing is projected, the term is absent as it must be.
/// Without rotation u is held at the v_1 of the reference point and the entries of H that couple it to the floor are dropped. Observables are read off the model at theta^ + v.
/// Domain: a reference point above the edge needs a point of the model at the edge; where Newton's method finds none, or S has no gradient off u, the theory declines.
/// Validity: the share of the model's own gradient at theta^ + v that the expansion about theta^ leaves out, or the share of the last retained moment in the curvature where that is larger.
/// Where the first exceeds 1 or the trajectory cannot be projected any longer the theory has nothing to say: it stands still from there, with a validity of at least 1.
/// </summary>
public sealed class SelfStabilizationTheory : ITheory
{
    private readonly bool _rotation;

    /// <summary>Makes the theory.</summary>
    /// <param name="rotation">Whether u may turn along the constrained trajectory.</param>
    public SelfStabilizationTheory(bool rotation = true) => _rotation = rotation;

    /// <inheritdoc/>
    public string Name => _rotation ? "self-stabilization" : "self-stabilization-fixed";

    /// <inheritdoc/>
    public string Summary =>
        $"self-stabilization about the constrained trajectory, {(_rotation ? "u free to turn" : "rotation removed")}, eq. (6.2)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Order: 3, Krylov: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SlowEdge;

    /// <inheritdoc/>
    public TheoryStanding Standing =>
        new(
            TheoryFamily.SelfStabilization,
            TheoryOrigin.Rival,
            "Damian, Nichani and Lee 2023",
            _rotation ? TheoryRole.Main : TheoryRole.Ablation
        );

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var model = new LocalModel(jet, jet.Order, jet.Krylov!.Coupling is not null);
        var trajectory = new ConstrainedTrajectory(model, stepSize, _rotation);
        if (!trajectory.Project())
            return Forecast.Decline(
                Name,
                "no point at the edge is within reach of the local model: the trajectory cannot be constrained"
            );
        var forecast = new ModelForecast(model, jet, steps, _rotation);
        var n = model.Dimension;
        double[] point = new double[n],
            force = new double[n],
            exact = new double[n],
            validity = new double[steps + 1];
        var holds = true;
        for (var t = 0; ; t++)
        {
            forecast.Read(t, point);
            Force(trajectory, point, force);
            model.Gradient(point, exact);
            var size = TensorPrimitives.Norm<double>(exact);
            var share = size > 0 ? TensorPrimitives.Distance<double>(exact, force) / size : 0;
            validity[t] = holds ? share : Math.Max(1, share);
            if (t == steps)
                break;
            holds = holds && share <= 1;
            if (!holds)
                continue;
            TensorPrimitives.MultiplyAdd(force, -stepSize, point, point);
            holds = trajectory.Step();
        }

        return forecast.Build(Name, validity);
    }

    /// <summary>force := g + x^2/2 grad S_perp + H v + u x y, the gradient at theta^ + v as (6.2) has it.</summary>
    private static void Force(ConstrainedTrajectory trajectory, double[] point, double[] force)
    {
        var v = new double[point.Length];
        TensorPrimitives.Subtract(point, trajectory.Point, v);
        double x = TensorPrimitives.Dot<double>(trajectory.Direction, v),
            y = TensorPrimitives.Dot<double>(trajectory.Steepening, v);
        trajectory.HessianVector(v, force);
        TensorPrimitives.Add(force, trajectory.Gradient, force);
        TensorPrimitives.MultiplyAdd(trajectory.Steepening, x * x / 2, force, force);
        TensorPrimitives.MultiplyAdd(trajectory.Direction, x * y, force, force);
    }
}
