using System.Runtime.CompilerServices;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Sweeps;

namespace FlatBias.Quadratic.Sweeps;

/// <summary>
/// Gradient descent, eq. (1.1), on the two-parameter network z = (Theta - y)^2 / 2 of section 3; the parameter is the step size eta, the variables theta_1 and theta_2.
/// In sqrt(eta) theta_1, sqrt(eta) theta_2 a step is q = x y - eta target (which is eta z'), x+ = x - q y, y+ = y - q x: three operations, each of which rounds once where the step in theta rounds twice.
/// The drive is |eta z'|, by which (3.1) shrinks the imbalance.
/// </summary>
public readonly struct SquaredErrorKernel : IPlanarKernel
{
    private readonly double _target;

    /// <summary>Makes the kernel.</summary>
    /// <param name="target">y, finite.</param>
    public SquaredErrorKernel(double target) => _target = Require.Finite(target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Enter<TLanes>(TLanes parameter, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.Sqrt(parameter);
        first *= scale;
        second *= scale;
        return TLanes.Create(-_target) * parameter;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave<TLanes>(TLanes parameter, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.Create(1) / TLanes.Sqrt(parameter);
        first *= scale;
        second *= scale;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step<TLanes>(ref TLanes first, ref TLanes second, ref readonly double constant)
        where TLanes : struct, ILanes<TLanes>
    {
        var q = Slope(first, second, in constant);
        var next = TLanes.SubtractProduct(q, second, first);
        second = TLanes.SubtractProduct(q, first, second);
        first = next;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Drive<TLanes>(TLanes first, TLanes second, ref readonly double constant)
        where TLanes : struct, ILanes<TLanes> => TLanes.Abs(Slope(first, second, in constant));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Slope<TLanes>(TLanes first, TLanes second, ref readonly double constant)
        where TLanes : struct, ILanes<TLanes> => TLanes.AddProduct(first, second, TLanes.Load(in constant));
}
