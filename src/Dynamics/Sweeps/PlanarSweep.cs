using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlatBias.Dynamics.Descent;

namespace FlatBias.Dynamics.Sweeps;

/// <summary>When a point of a planar sweep ends. A point is looked at every <paramref name="CheckEvery"/> steps and ends there, whatever its neighbours do.</summary>
/// <param name="Steps">The largest number of steps, a multiple of <paramref name="CheckEvery"/>, at least one.</param>
/// <param name="Tolerance">Ends as Converged when the kernel's drive is at most this; at least 0.</param>
/// <param name="Bound">Ends as Diverged when the drive is above this or NaN; above the tolerance.</param>
/// <param name="CheckEvery">Steps between looks, at least 1.</param>
public readonly record struct PlanarLimits(int Steps, double Tolerance = 1e-10, double Bound = 1e6, int CheckEvery = 16)
{
    internal void Validate()
    {
        Require.InRange(CheckEvery, 1, name: "check-every");
        Require.InRange(Steps, 1, name: "steps");
        if (Steps % CheckEvery != 0)
            throw new ArgumentOutOfRangeException(
                "steps",
                Steps,
                $"steps is {Steps}; it must be a multiple of check-every, which is {CheckEvery}."
            );
        Require.Finite(Require.NotNegative(Tolerance, "tolerance"), "tolerance");
        if (!(Require.Finite(Bound, "bound") > Tolerance))
            throw new ArgumentOutOfRangeException("bound", Bound, $"bound is {Bound}; it must be above the tolerance.");
    }
}

/// <summary>The points of a planar sweep: three arrays of one length.</summary>
/// <param name="Parameters">Each point's parameter.</param>
/// <param name="First">The first variable at the start; holds the end afterwards.</param>
/// <param name="Second">The second variable at the start; holds the end afterwards.</param>
public sealed record PlanarPoints(double[] Parameters, double[] First, double[] Second)
{
    /// <summary>The number of points.</summary>
    public int Count => Parameters.Length;
}

/// <summary>How the points of a planar sweep ended.</summary>
/// <param name="Reasons">Why each ended; Cancelled where it was not run, and then its variables are those of the start.</param>
/// <param name="Steps">The steps that each took.</param>
public sealed record PlanarEnds(StopReason[] Reasons, int[] Steps);

/// <summary>
/// The fast path for maps of two variables: many points in one register, several registers in flight, all cores. A point's result depends neither on the width of the registers nor on the number of threads.
/// </summary>
public static class PlanarSweep
{
    // Long enough that the lanes that idle while the last points of a chunk end do not matter, short enough that the cores end together.
    private const int LargestChunk = 16384,
        SmallestChunk = 1024,
        ChunksPerThread = 8;

    /// <summary>The width in bits of the widest registers of this machine: 512, 256, 128, or 64 where there are none.</summary>
    public static int WidestRegister { get; } =
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 64;

    /// <summary>Iterates a kernel from every point until it ends.</summary>
    /// <typeparam name="TKernel">The kernel, a struct.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="points">The points; their variables are replaced by those of the end.</param>
    /// <param name="limits">When a point ends.</param>
    /// <param name="threads">The number of threads, at least 1.</param>
    /// <param name="registerBits">512, 256, 128 or 64; null for <see cref="WidestRegister"/>. A width that the machine lacks works, slowly.</param>
    /// <param name="cancellation">Stops early; points that were not run keep their start.</param>
    /// <returns>How each point ended.</returns>
    /// <exception cref="ArgumentException">The arrays differ in length, or a limit is outside its range.</exception>
    public static PlanarEnds Run<TKernel>(
        TKernel kernel,
        PlanarPoints points,
        PlanarLimits limits,
        int threads = 1,
        int? registerBits = null,
        CancellationToken cancellation = default
    )
        where TKernel : struct, IPlanarKernel
    {
        ArgumentNullException.ThrowIfNull(points);
        Require.Length(points.First.Length, points.Count, "first");
        Require.Length(points.Second.Length, points.Count, "second");
        limits.Validate();
        Require.InRange(threads, 1, Workers.MostThreads);
        Action<Chunk<TKernel>> run = (registerBits ?? WidestRegister) switch
        {
            512 => static chunk => chunk.Run<Lanes512>(),
            256 => static chunk => chunk.Run<Lanes256>(),
            128 => static chunk => chunk.Run<Lanes128>(),
            64 => static chunk => chunk.Run<Lanes64>(),
            var other => throw new ArgumentOutOfRangeException(
                nameof(registerBits),
                other,
                $"registerBits is {other}; it must be 512, 256, 128 or 64."
            ),
        };
        // Not cleared here but written where it is computed, so that the threads share that work too.
        var ends = new PlanarEnds(
            GC.AllocateUninitializedArray<StopReason>(points.Count),
            GC.AllocateUninitializedArray<int>(points.Count)
        );
        var size = Math.Clamp(points.Count / (threads * ChunksPerThread), SmallestChunk, LargestChunk);
        var done = new bool[(points.Count + size - 1) / size];
        Workers.Run(
            done.Length,
            threads,
            job =>
            {
                run(new Chunk<TKernel>(kernel, points, limits, ends, job * size, size));
                done[job] = true;
            },
            cancellation
        );
        for (var job = 0; job < done.Length; job++)
        {
            if (done[job])
                continue;
            ends.Reasons.AsSpan(job * size, Math.Min(size, points.Count - (job * size))).Fill(StopReason.Cancelled);
            ends.Steps.AsSpan(job * size, Math.Min(size, points.Count - (job * size))).Clear();
        }

        return ends;
    }

    private readonly record struct Chunk<TKernel>(
        TKernel Kernel,
        PlanarPoints Points,
        PlanarLimits Limits,
        PlanarEnds Ends,
        int Start,
        int Size
    )
        where TKernel : struct, IPlanarKernel
    {
        public void Run<TLanes>()
            where TLanes : struct, ILanes<TLanes>
        {
            var length = Math.Min(Size, Points.Count - Start);
            Span<double> first = Points.First.AsSpan(Start, length),
                second = Points.Second.AsSpan(Start, length);
            ReadOnlySpan<double> parameters = Points.Parameters.AsSpan(Start, length);
            var rented = ArrayPool<double>.Shared.Rent(length);
            var constants = rented.AsSpan(0, length);
            Convert<TLanes>(Kernel, parameters, first, second, constants, enter: true);
            new LaneLoop<TKernel, TLanes>(
                Kernel,
                Limits,
                first,
                second,
                constants,
                Ends.Steps.AsSpan(Start, length)
            ).Run();
            var reasons = Ends.Reasons.AsSpan(Start, length);
            for (var i = 0; i < reasons.Length; i++)
                reasons[i] = Reason(
                    Kernel.Drive(Lanes64.Create(first[i]), Lanes64.Create(second[i]), in constants[i]).Value
                );
            Convert<TLanes>(Kernel, parameters, first, second, constants, enter: false);
            ArrayPool<double>.Shared.Return(rented);
        }

        /// <summary>Enters or leaves the kernel's coordinates, a register at a time and one by one at the end.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Convert<TLanes>(
            TKernel kernel,
            ReadOnlySpan<double> parameters,
            Span<double> first,
            Span<double> second,
            Span<double> constants,
            bool enter
        )
            where TLanes : struct, ILanes<TLanes>
        {
            var i = 0;
            for (; i + TLanes.Count <= parameters.Length; i += TLanes.Count)
                ConvertOne<TLanes>(kernel, in parameters[i], ref first[i], ref second[i], ref constants[i], enter);
            for (; i < parameters.Length; i++)
                ConvertOne<Lanes64>(kernel, in parameters[i], ref first[i], ref second[i], ref constants[i], enter);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void ConvertOne<TLanes>(
            TKernel kernel,
            ref readonly double parameter,
            ref double first,
            ref double second,
            ref double constant,
            bool enter
        )
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes x = TLanes.Load(in first),
                y = TLanes.Load(in second);
            if (enter)
                TLanes.Store(kernel.Enter(TLanes.Load(in parameter), ref x, ref y), ref constant);
            else
                kernel.Leave(TLanes.Load(in parameter), ref x, ref y);
            TLanes.Store(x, ref first);
            TLanes.Store(y, ref second);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private StopReason Reason(double drive) =>
            !(drive <= Limits.Bound) ? StopReason.Diverged
            : drive <= Limits.Tolerance ? StopReason.Converged
            : StopReason.StepLimit;
    }
}
