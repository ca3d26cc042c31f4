using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatBias.Dynamics.Sweeps;

/// <summary>One number: the scalar path, and what is left where there is no vector hardware.</summary>
internal readonly struct Lanes64(double value) : ILanes<Lanes64>
{
    private readonly double _value = value;

    public double Value => _value;

    public static int Count => 1;

    public static Lanes64 operator +(Lanes64 left, Lanes64 right) => new(left._value + right._value);

    public static Lanes64 operator -(Lanes64 left, Lanes64 right) => new(left._value - right._value);

    public static Lanes64 operator *(Lanes64 left, Lanes64 right) => new(left._value * right._value);

    public static Lanes64 operator /(Lanes64 left, Lanes64 right) => new(left._value / right._value);

    public static Lanes64 Create(double value) => new(value);

    public static Lanes64 AddProduct(Lanes64 a, Lanes64 b, Lanes64 c) =>
        new(Math.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes64 SubtractProduct(Lanes64 a, Lanes64 b, Lanes64 c) =>
        new(Math.FusedMultiplyAdd(-a._value, b._value, c._value));

    public static Lanes64 Abs(Lanes64 a) => new(Math.Abs(a._value));

    public static Lanes64 Sqrt(Lanes64 a) => new(Math.Sqrt(a._value));

    public static Lanes64 Least(Lanes64 a, Lanes64 b) => a._value < b._value ? a : b;

    public static uint Outside(Lanes64 low, Lanes64 floor, Lanes64 high, Lanes64 ceiling) =>
        low._value <= floor._value || !(high._value <= ceiling._value) ? 1u : 0;

    public static Lanes64 Load(ref readonly double source) => new(source);

    public static void Store(Lanes64 value, ref double destination) => destination = value._value;
}

/// <summary>Eight lanes of a 512-bit register.</summary>
internal readonly struct Lanes512(Vector512<double> value) : ILanes<Lanes512>
{
    private readonly Vector512<double> _value = value;

    public static int Count => Vector512<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Create(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddProduct(Lanes512 a, Lanes512 b, Lanes512 c) =>
        new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SubtractProduct(Lanes512 a, Lanes512 b, Lanes512 c) =>
        new(
            Avx512F.IsSupported
                ? Avx512F.FusedMultiplyAddNegated(a._value, b._value, c._value)
                : Vector512.FusedMultiplyAdd(-a._value, b._value, c._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Least(Lanes512 a, Lanes512 b) => new(Vector512.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Outside(Lanes512 low, Lanes512 floor, Lanes512 high, Lanes512 ceiling) =>
        (uint)
            (
                Vector512.LessThanOrEqual(low._value, floor._value)
                | ~Vector512.LessThanOrEqual(high._value, ceiling._value)
            ).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly double source) => new(Vector512.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, ref double destination) => value._value.StoreUnsafe(ref destination);
}

/// <summary>Four lanes of a 256-bit register.</summary>
internal readonly struct Lanes256(Vector256<double> value) : ILanes<Lanes256>
{
    private readonly Vector256<double> _value = value;

    public static int Count => Vector256<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Create(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddProduct(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SubtractProduct(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(
            Fma.IsSupported
                ? Fma.MultiplyAddNegated(a._value, b._value, c._value)
                : Vector256.FusedMultiplyAdd(-a._value, b._value, c._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 a) => new(Vector256.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Least(Lanes256 a, Lanes256 b) => new(Vector256.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Outside(Lanes256 low, Lanes256 floor, Lanes256 high, Lanes256 ceiling) =>
        (
            Vector256.LessThanOrEqual(low._value, floor._value)
            | ~Vector256.LessThanOrEqual(high._value, ceiling._value)
        ).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly double source) => new(Vector256.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, ref double destination) => value._value.StoreUnsafe(ref destination);
}

/// <summary>Two lanes of a 128-bit register.</summary>
internal readonly struct Lanes128(Vector128<double> value) : ILanes<Lanes128>
{
    private readonly Vector128<double> _value = value;

    public static int Count => Vector128<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Create(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddProduct(Lanes128 a, Lanes128 b, Lanes128 c) =>
        new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SubtractProduct(Lanes128 a, Lanes128 b, Lanes128 c) =>
        new(
            Fma.IsSupported
                ? Fma.MultiplyAddNegated(a._value, b._value, c._value)
                : Vector128.FusedMultiplyAdd(-a._value, b._value, c._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 a) => new(Vector128.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 a) => new(Vector128.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Least(Lanes128 a, Lanes128 b) => new(Vector128.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Outside(Lanes128 low, Lanes128 floor, Lanes128 high, Lanes128 ceiling) =>
        (
            Vector128.LessThanOrEqual(low._value, floor._value)
            | ~Vector128.LessThanOrEqual(high._value, ceiling._value)
        ).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref readonly double source) => new(Vector128.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, ref double destination) => value._value.StoreUnsafe(ref destination);
}
