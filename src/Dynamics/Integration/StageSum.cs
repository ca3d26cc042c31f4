using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatBias.Dynamics.Integration;

/// <summary>sum_s w_s k_s, term by term in the order of the stages.</summary>
internal readonly struct StageSum
{
    private readonly (double Weight, int Offset)[] _terms;

    private StageSum((double, int)[] terms) => _terms = terms;

    /// <summary>Weights of the stages from the first on.</summary>
    public static StageSum Of(IReadOnlyList<double> weights, int stride, bool all) =>
        new([
            .. weights
                .Select((weight, stage) => (Weight: weight, Offset: stage * stride))
                .Where(term => all || term.Weight != 0),
        ]);

    /// <summary>Overwrites the destination with the sum, a register at a time.</summary>
    public void Write(double[] stages, double[] destination)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(stages);
        ref var to = ref MemoryMarshal.GetArrayDataReference(destination);
        for (var i = 0; i < destination.Length; i += Registers.Width)
            At(ref from, i).StoreUnsafe(ref to, (nuint)i);
    }

    /// <summary>
    /// The state and the step times the sum, for at most three components. They are read one by one, because a
    /// register cannot be filled from what was written one by one an instant before without waiting for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFew(double[] stages, double[] state, double step, double[] destination, int dimension)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(stages);
        var (a, b, c) = (0.0, 0.0, 0.0);
        foreach (var (weight, offset) in _terms)
        {
            ref var stage = ref Unsafe.Add(ref from, offset);
            a += weight * stage;
            if (dimension > 1)
                b += weight * Unsafe.Add(ref stage, 1);
            if (dimension > 2)
                c += weight * Unsafe.Add(ref stage, 2);
        }

        destination[0] = state[0] + (step * a);
        if (dimension > 1)
            destination[1] = state[1] + (step * b);
        if (dimension > 2)
            destination[2] = state[2] + (step * c);
    }

    /// <summary>Overwrites the destination with the state and the step times the sum.</summary>
    public void Write(double[] stages, double[] state, double step, double[] destination)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(stages);
        ref var start = ref MemoryMarshal.GetArrayDataReference(state);
        ref var to = ref MemoryMarshal.GetArrayDataReference(destination);
        for (var i = 0; i < destination.Length; i += Registers.Width)
        {
            var moved = Vector256.LoadUnsafe(ref start, (nuint)i) + (step * At(ref from, i));
            moved.StoreUnsafe(ref to, (nuint)i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> At(ref double stages, int component)
    {
        var sum = Vector256<double>.Zero;
        foreach (var (weight, offset) in _terms)
            sum += weight * Vector256.LoadUnsafe(ref stages, (nuint)(offset + component));
        return sum;
    }
}
