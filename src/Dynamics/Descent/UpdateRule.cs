using System.Diagnostics.CodeAnalysis;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>How one step moves the parameters, given the gradient there. A rule may carry state from step to step; one instance serves one run.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IUpdateRule<TVector> : IResumable<TVector>, IDisposable
{
    /// <summary>The rule's name as it stands in records.</summary>
    string Name { get; }

    /// <summary>E, the value of eta S_eff at which the rule becomes unstable on a quadratic without weight decay, eq.
    /// (7.1): 2 for gradient descent. S_eff is the preconditioned sharpness. With weight decay w it is E (1 - eta w /
    /// 2), eq. (7.5).</summary>
    double Edge { get; }

    /// <summary>w of decoupled weight decay, eq. (7.5), in inverse units of the step size, at least 0; most rules have
    /// none.</summary>
    double Decay => 0;

    /// <summary>Whether the rule divides by a preconditioner P, so that its effective sharpness is not the sharpness.</summary>
    bool IsPreconditioned { get; }

    /// <summary>
    /// |m|_*, what the last step was steepest descent against in the dual of a norm of the space's matrices, eq. (7.12),
    /// for rules whose steps have length eta in that norm: their effective sharpness is S_norm/|m|_*, eq. (7.13). NaN for
    /// all others, and before the first step.
    /// </summary>
    double DualNorm => double.NaN;

    /// <summary>
    /// rho/|g| of the last step of sharpness-aware minimisation, eq. (7.11), in inverse units of curvature: the rule's
    /// steps see the Hessian as H + (rho/|g|) H^2. 0 for rules that take the gradient where they are, and before the
    /// first step.
    /// </summary>
    double Ascent => 0;

    /// <summary>Says where the rule wants the gradient that it steps by, if that is not theta.</summary>
    /// <param name="gradient">The gradient at theta; overwritten where there is such a point.</param>
    /// <param name="theta">The parameters.</param>
    /// <param name="probe">The point, a vector of the rule's own.</param>
    /// <returns>False where the gradient at theta is the one.</returns>
    bool TryProbe(TVector gradient, TVector theta, [MaybeNullWhen(false)] out TVector probe)
    {
        probe = default;
        return false;
    }

    /// <summary>Moves theta by one step.</summary>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="gradient">The gradient at theta, or at the rule's probe; may be overwritten.</param>
    /// <param name="theta">The parameters, changed in place.</param>
    void Apply(double stepSize, TVector gradient, TVector theta);

    /// <summary>Writes P^(-1/2) of the rule's preconditioner P as it stands, for the effective sharpness lambda_max(P^(-1/2) H P^(-1/2)), eq. (7.1).</summary>
    /// <param name="result">Overwritten when the rule has a preconditioner.</param>
    /// <returns>False where there is none, none of this form, or none yet (no step taken).</returns>
    bool TryPrecondition(TVector result);
}

/// <summary>Gradient descent, eq. (1.1): theta+ = theta - eta g(theta).</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="space">The space of the parameters.</param>
public sealed class GradientDescent<TVector>(IVectorSpace<TVector> space) : IUpdateRule<TVector>
{
    /// <inheritdoc/>
    public string Name => "gd";

    /// <inheritdoc/>
    public double Edge => 2;

    /// <inheritdoc/>
    public bool IsPreconditioned => false;

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta) => space.Axpy(-stepSize, gradient, theta);

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result) => false;

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store) { }

    /// <inheritdoc/>
    public void Dispose() { }
}

/// <summary>Gradient descent by name.</summary>
internal sealed class GradientDescentEntry() : OptimiserEntry("gd", "gradient descent, (1.1)")
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new GradientDescent<TVector>(space);
}
