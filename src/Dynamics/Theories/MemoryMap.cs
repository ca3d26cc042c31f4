using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system with memory in Krylov form, eq. (4.9), with the terms k = 1 of (4.7), and with or without the cubic coupling (4.10): gradient descent on a <see cref="LocalModel"/>,
/// u+ = u - eta ( sum_k (m_k + b_k . f) u^(k-1)/(k-1)! [ + 1/2 f^T C f ] ),   f+ = f - eta ( g_Q + T f + sum_k b_k u^k/k! [ + u C f ] ).
/// State: (u, f_1, ..., f_r). On a valley with quadratic V and affine moments it is gradient descent itself once the Krylov space has closed.
/// </summary>
/// <param name="Model">The local model.</param>
/// <param name="StepSize">The step size eta.</param>
public readonly record struct MemoryMap(LocalModel Model, double StepSize) : IDiscreteMap
{
    /// <inheritdoc/>
    public int Dimension => Model.Dimension;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        Model.Gradient(current, next);
        for (var i = 0; i < next.Length; i++) next[i] = current[i] - (StepSize * next[i]);
    }
}
