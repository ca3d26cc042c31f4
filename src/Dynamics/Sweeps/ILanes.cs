using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatBias.Dynamics.Sweeps;

/// <summary>
/// A register of float64 lanes, or a single number: what a kernel is written over once and compiled for every register width.
/// Every operation is correctly rounded in every lane, and fused products round once on every width, so a lane's result does not depend on the width of its register.
/// </summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
[SuppressMessage("Usage", "CA2225", Justification = "Operators are all that a kernel is written with.")]
public interface ILanes<TSelf>
    : IAdditionOperators<TSelf, TSelf, TSelf>,
        ISubtractionOperators<TSelf, TSelf, TSelf>,
        IMultiplyOperators<TSelf, TSelf, TSelf>,
        IDivisionOperators<TSelf, TSelf, TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in every lane.</summary>
    /// <param name="value">The number.</param>
    static abstract TSelf Create(double value);

    /// <summary>a b + c, rounded once.</summary>
    /// <param name="a">a.</param>
    /// <param name="b">b.</param>
    /// <param name="c">c.</param>
    static abstract TSelf AddProduct(TSelf a, TSelf b, TSelf c);

    /// <summary>c - a b, rounded once.</summary>
    /// <param name="a">a.</param>
    /// <param name="b">b.</param>
    /// <param name="c">c.</param>
    static abstract TSelf SubtractProduct(TSelf a, TSelf b, TSelf c);

    /// <summary>The absolute value lane by lane.</summary>
    /// <param name="a">a.</param>
    static abstract TSelf Abs(TSelf a);

    /// <summary>The square root lane by lane.</summary>
    /// <param name="a">a.</param>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>The smaller lane by lane; either where one is NaN.</summary>
    /// <param name="a">a.</param>
    /// <param name="b">b.</param>
    static abstract TSelf Least(TSelf a, TSelf b);

    /// <summary>The lanes that have low &lt;= floor, or not high &lt;= ceiling; a NaN in high counts.</summary>
    /// <param name="low">Compared with floor.</param>
    /// <param name="floor">The floor.</param>
    /// <param name="high">Compared with ceiling.</param>
    /// <param name="ceiling">The ceiling.</param>
    /// <returns>One bit a lane, the first lane lowest.</returns>
    static abstract uint Outside(TSelf low, TSelf floor, TSelf high, TSelf ceiling);

    /// <summary>Reads a register from memory.</summary>
    /// <param name="source">Its first lane.</param>
    static abstract TSelf Load(ref readonly double source);

    /// <summary>Writes a register to memory.</summary>
    /// <param name="value">The register.</param>
    /// <param name="destination">Where its first lane goes.</param>
    static abstract void Store(TSelf value, ref double destination);
}
