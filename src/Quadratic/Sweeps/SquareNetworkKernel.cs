using System.Runtime.CompilerServices;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Sweeps;

namespace FlatBias.Quadratic.Sweeps;

/// <summary>
/// Gradient descent, eq. (1.1), on the two-parameter network z = c Theta^2 of section 3; the parameter is the step size eta, the variables theta_1 and theta_2.
/// In x = sqrt(2 c eta) theta_1, y = sqrt(2 c eta) theta_2 a step is q = x y (which is eta z'), x+ = x - q y, y+ = y - q x: three operations, of which two round once where the step in theta rounds twice.
/// The drive is |eta z'|, by which (3.1) shrinks the imbalance. Once it exceeds 2 the run diverges: |q| &lt;= eta c s, and eta c s &gt; 2 never falls again, by (3.7).
/// </summary>
public readonly struct SquareNetworkKernel : IPlanarKernel
{
    private readonly double _coefficient;

    /// <summary>Makes the kernel.</summary>
    /// <param name="coefficient">c, finite and above 0.</param>
    public SquareNetworkKernel(double coefficient) => _coefficient = Require.Positive(coefficient);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Enter<TLanes>(TLanes parameter, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.Sqrt(TLanes.Create(2 * _coefficient) * parameter);
        first *= scale;
        second *= scale;
        return TLanes.Create(0);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave<TLanes>(TLanes parameter, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.Create(1) / TLanes.Sqrt(TLanes.Create(2 * _coefficient) * parameter);
        first *= scale;
        second *= scale;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step<TLanes>(ref TLanes first, ref TLanes second, ref readonly double constant)
        where TLanes : struct, ILanes<TLanes>
    {
        var q = first * second;
        var next = TLanes.SubtractProduct(q, second, first);
        second = TLanes.SubtractProduct(q, first, second);
        first = next;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Drive<TLanes>(TLanes first, TLanes second, ref readonly double constant)
        where TLanes : struct, ILanes<TLanes> => TLanes.Abs(first * second);
}
