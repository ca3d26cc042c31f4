using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlatBias.Dynamics.Sweeps;

/// <summary>
/// Runs many points of a kernel side by side: six registers in flight, because a step of one waits for its own result, and a lane whose point has ended takes the next point.
/// Six is what the arithmetic asks for: a step is three operations of at most four cycles behind one another, two can start in a cycle, and twelve registers of state leave four of sixteen to compute in.
/// </summary>
/// <typeparam name="TKernel">The kernel.</typeparam>
/// <typeparam name="TLanes">The register.</typeparam>
internal ref struct LaneLoop<TKernel, TLanes>
    where TKernel : struct, IPlanarKernel
    where TLanes : struct, ILanes<TLanes>
{
    private const int Registers = 6;
    private readonly TKernel _kernel;
    private readonly PlanarLimits _limits;
    private readonly Span<double> _first,
        _second,
        _constants;
    private readonly Span<int> _steps;
    private readonly double[] _x = new double[LaneCount],
        _y = new double[LaneCount],
        _k = new double[LaneCount];
    private readonly int[] _point = new int[LaneCount];
    private readonly long[] _born = new long[LaneCount];
    private int _next,
        _live;
    private long _clock,
        _deadline;

    public LaneLoop(
        TKernel kernel,
        PlanarLimits limits,
        Span<double> first,
        Span<double> second,
        Span<double> constants,
        Span<int> steps
    )
    {
        (_kernel, _limits) = (kernel, limits);
        _first = first;
        _second = second;
        _constants = constants;
        _steps = steps;
    }

    /// <summary>The number of points in flight.</summary>
    public static int LaneCount => Registers * TLanes.Count;

    public void Run()
    {
        (_next, _live, _clock, _deadline) = (0, 0, 0, _limits.Steps);
        for (var lane = 0; lane < LaneCount; lane++)
            Refill(lane);
        Occupy();
        while (_live > 0)
        {
            _clock = Iterate(in _kernel, _limits, ref _x[0], ref _y[0], ref _k[0], _clock, _deadline);
            Retire();
        }
    }

    /// <summary>Steps all lanes until some point ends, the steps are checked every <see cref="PlanarLimits.CheckEvery"/>. A sum over registers stands for the largest of them: it is NaN or infinite if one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static long Iterate(
        in TKernel shared,
        PlanarLimits limits,
        ref double x,
        ref double y,
        ref double k,
        long clock,
        long deadline
    )
    {
        var kernel = shared;
        var (w, every) = (TLanes.Count, limits.CheckEvery);
        TLanes floor = TLanes.Create(limits.Tolerance),
            ceiling = TLanes.Create(limits.Bound);
        ref double k1 = ref Unsafe.Add(ref k, w),
            k2 = ref Unsafe.Add(ref k, 2 * w),
            k3 = ref Unsafe.Add(ref k, 3 * w),
            k4 = ref Unsafe.Add(ref k, 4 * w),
            k5 = ref Unsafe.Add(ref k, 5 * w);
        TLanes x0 = TLanes.Load(in x),
            x1 = At(ref x, w),
            x2 = At(ref x, 2 * w),
            x3 = At(ref x, 3 * w),
            x4 = At(ref x, 4 * w),
            x5 = At(ref x, 5 * w);
        TLanes y0 = TLanes.Load(in y),
            y1 = At(ref y, w),
            y2 = At(ref y, 2 * w),
            y3 = At(ref y, 3 * w),
            y4 = At(ref y, 4 * w),
            y5 = At(ref y, 5 * w);
        bool ended;
        do
        {
            for (var t = 0; t < every; t++)
            {
                kernel.Step(ref x0, ref y0, in k);
                kernel.Step(ref x1, ref y1, in k1);
                kernel.Step(ref x2, ref y2, in k2);
                kernel.Step(ref x3, ref y3, in k3);
                kernel.Step(ref x4, ref y4, in k4);
                kernel.Step(ref x5, ref y5, in k5);
            }

            clock += every;
            TLanes drive = kernel.Drive(x0, y0, in k),
                least = drive,
                sum = drive;
            Join(kernel.Drive(x1, y1, in k1), ref least, ref sum);
            Join(kernel.Drive(x2, y2, in k2), ref least, ref sum);
            Join(kernel.Drive(x3, y3, in k3), ref least, ref sum);
            Join(kernel.Drive(x4, y4, in k4), ref least, ref sum);
            Join(kernel.Drive(x5, y5, in k5), ref least, ref sum);
            ended = TLanes.Outside(least, floor, sum, ceiling) != 0;
        } while (!ended && clock < deadline);

        TLanes.Store(x0, ref x);
        TLanes.Store(x1, ref Unsafe.Add(ref x, w));
        TLanes.Store(x2, ref Unsafe.Add(ref x, 2 * w));
        TLanes.Store(x3, ref Unsafe.Add(ref x, 3 * w));
        TLanes.Store(x4, ref Unsafe.Add(ref x, 4 * w));
        TLanes.Store(x5, ref Unsafe.Add(ref x, 5 * w));
        TLanes.Store(y0, ref y);
        TLanes.Store(y1, ref Unsafe.Add(ref y, w));
        TLanes.Store(y2, ref Unsafe.Add(ref y, 2 * w));
        TLanes.Store(y3, ref Unsafe.Add(ref y, 3 * w));
        TLanes.Store(y4, ref Unsafe.Add(ref y, 4 * w));
        TLanes.Store(y5, ref Unsafe.Add(ref y, 5 * w));
        return clock;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes At(ref double start, int offset) => TLanes.Load(in Unsafe.Add(ref start, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(TLanes drive, ref TLanes least, ref TLanes sum)
    {
        least = TLanes.Least(least, drive);
        sum += drive;
    }

    /// <summary>Takes out the points that have ended and lets the next ones in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Retire()
    {
        TLanes floor = TLanes.Create(_limits.Tolerance),
            ceiling = TLanes.Create(_limits.Bound);
        for (var start = 0; start < LaneCount; start += TLanes.Count)
        {
            var drive = _kernel.Drive(TLanes.Load(in _x[start]), TLanes.Load(in _y[start]), in _k[start]);
            for (var ended = TLanes.Outside(drive, floor, drive, ceiling); ended != 0; ended &= ended - 1)
                End(start + BitOperations.TrailingZeroCount(ended));
        }

        if (_clock >= _deadline)
            Expire();
        if (_next == _first.Length)
            Occupy();
    }

    /// <summary>Ends the points that have taken all their steps, and finds when the next one will have.</summary>
    private void Expire()
    {
        _deadline = long.MaxValue;
        for (var lane = 0; lane < LaneCount; lane++)
        {
            if (_clock - _born[lane] >= _limits.Steps)
                End(lane);
            _deadline = Math.Min(_deadline, _born[lane] + _limits.Steps);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(int lane)
    {
        if (_point[lane] is var point and >= 0)
        {
            (_first[point], _second[point], _steps[point]) = (_x[lane], _y[lane], (int)(_clock - _born[lane]));
            _live--;
        }

        Refill(lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Refill(int lane)
    {
        (_point[lane], _born[lane]) = (-1, _clock);
        if (_next == _first.Length)
            return;
        (_x[lane], _y[lane], _k[lane]) = (_first[_next], _second[_next], _constants[_next]);
        _point[lane] = _next++;
        _live++;
    }

    /// <summary>Lets the lanes that are left without a point follow one that has its own: a state that has ended would end the loop at every check.</summary>
    private void Occupy()
    {
        if (_live == 0)
            return;
        var live = 0;
        while (_point[live] < 0)
            live++;
        for (var lane = 0; lane < LaneCount; lane++)
            if (_point[lane] < 0)
                (_x[lane], _y[lane], _k[lane]) = (_x[live], _y[live], _k[live]);
    }
}
