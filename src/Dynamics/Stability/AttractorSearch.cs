using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// Where an orbit ends, eq. (10.22): an attractor found before, a new one, or none. Lengths are counted in tolerances,
/// by
/// coordinate. Owns its work space.
/// </summary>
internal sealed class AttractorSearch<TMap>
    where TMap : struct, IDiscreteMap
{
    // An algebraic approach, with a distance like t^-a, leaves (a + 1) / a times what a geometric one of its present
    // rate
    // would: a tenth of the tolerance covers a down to 1/9. Two ends of one attractor are then a fifth apart at most.
    private const double Arrived = 0.1;

    // Roundings of a step, in units of the last place: returns below this are noise if they add up to nothing either.
    private const double Noise = 64 * Roundoff.Unit;

    private readonly TMap _map;
    private readonly BasinOptions _options;
    private readonly double _bound;
    private readonly double[] _extents,
        _tolerances,
        _noise,
        _first,
        _second,
        _scratch;
    private readonly double[][] _orbit,
        _recent;

    public AttractorSearch(in TMap map, BasinOptions options, double bound, GridAxis columns, GridAxis rows)
    {
        var n = map.Dimension;
        (_map, _options, _bound) = (map, options, bound);
        (_extents, _tolerances, _noise) = (new double[n], new double[n], new double[n]);
        (_first, _second, _scratch) = (new double[n], new double[n], new double[n]);
        foreach (var axis in (GridAxis[])[columns, rows])
            _extents[axis.Coordinate] = axis.High - axis.Low;
        _orbit = [.. Enumerable.Range(0, options.LongestPeriod + 1).Select(_ => new double[n])];
        _recent = [.. Enumerable.Range(0, options.LongestPeriod).Select(_ => new double[n])];
    }

    /// <summary>The points of every attractor found, in the order of first appearance.</summary>
    public List<double[][]> Attractors { get; } = [];

    /// <summary>The index of the attractor that a start leads to, or why there is none.</summary>
    public int Label(double[] start)
    {
        var state = _orbit[0];
        start.CopyTo(state, 0);
        if (!Advance(state, _options.Steps))
            return BasinMap.Diverged;
        for (long steps = 0, limit = 15L * _options.Steps; ; )
        {
            SetTolerances(start, state);
            if (Closest() is not { } period)
                return BasinMap.Diverged;
            if (Distance(state, _orbit[period]) == 0)
                return Identify(period);
            var rounds = Math.Max(1, _options.Steps / (8 * period));
            if (TwoPasses(period, rounds) is not { } end)
                return BasinMap.Diverged;
            var further = PassesLeft(rounds) * rounds * period;
            if (!(steps + further <= limit))
                return BasinMap.Unsettled;
            // What is left is counted from the end of the passes.
            end.CopyTo(state, 0);
            if (further == 0)
                return Closest() is null ? BasinMap.Diverged : Identify(period);
            steps += (long)further + (2L * rounds * period);
            if (!Advance(state, (long)further))
                return BasinMap.Diverged;
        }
    }

    private void SetTolerances(double[] start, double[] state)
    {
        var largest = state.Max(Math.Abs);
        for (var i = 0; i < start.Length; i++)
        {
            // A coordinate that starts at zero off the axes has no size of its own until it moves; what reaches it is
            // rounded elsewhere.
            var size = _extents[i] == 0 && start[i] == 0 ? largest : Math.Abs(state[i]);
            var tolerance = _options.Tolerance * Math.Max(_extents[i], Math.Abs(state[i] - start[i]));
            // Around zero the smallest numbers repeat themselves in any way; a passage as slow as that is far narrower
            // than the tolerance.
            _noise[i] = Noise * (size + tolerance);
            _tolerances[i] = tolerance + _noise[i];
        }
    }

    /// <summary>
    /// Fills the orbit from its first point; the number of steps after which it comes closest to it, null if it
    /// escapes.
    /// </summary>
    private int? Closest()
    {
        var (period, nearest) = (0, double.PositiveInfinity);
        for (var n = 1; n < _orbit.Length; n++)
        {
            _map.Step(_orbit[n - 1], _orbit[n]);
            if (!Escape.Within(_orbit[n], _bound))
                return null;
            var distance = Distance(_orbit[0], _orbit[n]);
            if (period == 0 || distance < nearest)
                (period, nearest) = (n, distance);
        }

        return period;
    }

    /// <summary>
    /// The longest way that a period of steps leads in each of two passes, by coordinate; the end of both, null if the
    /// orbit escapes.
    /// </summary>
    private double[]? TwoPasses(int period, int rounds)
    {
        for (var i = 0; i < period; i++)
            _orbit[i].CopyTo(_recent[i], 0);
        var state = _orbit[^1];
        _orbit[period - 1].CopyTo(state, 0);
        foreach (var longest in (ReadOnlySpan<double[]>)[_first, _second])
        {
            Array.Clear(longest);
            for (var t = 0L; t < (long)rounds * period; t++)
            {
                if (!Advance(state, 1))
                    return null;
                var before = _recent[t % period];
                for (var i = 0; i < state.Length; i++)
                    longest[i] = Math.Max(longest[i], Math.Abs(state[i] - before[i]));
                state.CopyTo(before, 0);
            }
        }

        return state;
    }

    /// <summary>
    /// How many more passes it takes until every coordinate has arrived: 0 if all have, infinite if one does not
    /// approach anything.
    /// </summary>
    private double PassesLeft(int rounds)
    {
        var passes = 0.0;
        for (var i = 0; i < _first.Length; i++)
        {
            // Steps of a rounding that add up to nothing are noise.
            var moved = Math.Abs(_recent[0][i] - _orbit[0][i]);
            if (_second[i] <= _noise[i] && moved <= _noise[i])
                continue;
            // No round of the passes to come is longer than the longest of the last pass times the rate, its square,
            // ...
            var rate = _second[i] / _first[i];
            if (!(rate < 1))
                return double.PositiveInfinity;
            var left = rounds * rate * _second[i] / (1 - rate) / (Arrived * _tolerances[i]);
            if (left > 1)
                passes = Math.Max(passes, Math.Ceiling(Math.Log(left) / -Math.Log(rate)));
        }

        return passes;
    }

    private int Identify(int period)
    {
        var minimal = Enumerable
            .Range(1, period)
            .First(p =>
                period % p == 0
                && Enumerable.Range(0, period).All(i => Distance(_orbit[i], _orbit[(i + p) % period]) <= 1)
            );
        var known = Attractors.FindIndex(a =>
            a.Length == minimal && Array.Exists(a, point => Distance(point, _orbit[0]) <= 1)
        );
        if (known >= 0)
            return known;
        Attractors.Add([.. _orbit[..minimal].Select(point => point.ToArray())]);
        return Attractors.Count - 1;
    }

    private bool Advance(double[] state, long steps)
    {
        for (var t = 0L; t < steps; t++)
        {
            _map.Step(state, _scratch);
            _scratch.CopyTo(state, 0);
            if (!Escape.Within(state, _bound))
                return false;
        }

        return true;
    }

    /// <summary>The largest difference of two points in tolerances.</summary>
    private double Distance(double[] a, double[] b)
    {
        var largest = 0.0;
        for (var i = 0; i < a.Length; i++)
            if (a[i] != b[i])
                largest = Math.Max(largest, Math.Abs(a[i] - b[i]) / _tolerances[i]);
        return largest;
    }
}
