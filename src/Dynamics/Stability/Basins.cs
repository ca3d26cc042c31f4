using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Stability;

/// <summary>Equally spaced values of one coordinate, both ends included.</summary>
/// <param name="Coordinate">Which coordinate, from 0.</param>
/// <param name="Low">The first value, finite.</param>
/// <param name="High">The last value, finite and above <paramref name="Low"/>.</param>
/// <param name="Count">At least 2.</param>
public sealed record GridAxis(int Coordinate, double Low, double High, int Count)
{
    /// <summary>The value at an index.</summary>
    /// <param name="index">From 0 to Count - 1.</param>
    /// <returns>The value.</returns>
    public double At(int index) => Low + ((High - Low) * index / (Count - 1));

    internal void Validate(int dimension)
    {
        Require.InRange(Coordinate, 0, dimension - 1);
        Require.Finite(Low);
        Require.Finite(High);
        if (!(High > Low)) throw new ArgumentOutOfRangeException(nameof(High), High, $"High is {High}; it must be above Low, {Low}.");
        Require.InRange(Count, 2);
    }
}

/// <summary>How to tell attractors apart.</summary>
/// <param name="Steps">Steps before an orbit is looked at, at least 1.</param>
/// <param name="LongestPeriod">Orbits that do not repeat within this are called unsettled; at least 1.</param>
/// <param name="Tolerance">An orbit repeats, and two attractors are the same, when all coordinates agree to this; above 0. Where attractors form a continuum, as minima on a valley floor do, it decides how finely they are told apart.</param>
/// <param name="Escape">An orbit with a coordinate beyond this in absolute value has diverged; above 0.</param>
public sealed record BasinOptions(int Steps = 1000, int LongestPeriod = 16, double Tolerance = 1e-6, double Escape = 1e6)
{
    internal void Validate()
    {
        Require.InRange(Steps, 1);
        Require.InRange(LongestPeriod, 1);
        Require.Positive(Tolerance);
        Require.Positive(Escape);
    }
}

/// <summary>Basins of attraction on a grid.</summary>
/// <param name="Labels">[row][column]: the index of the attractor, or <see cref="Diverged"/> or <see cref="Unsettled"/>. Rows go with the second axis.</param>
/// <param name="Attractors">The points of every attractor found, in the order of first appearance; the number of points is its period.</param>
public sealed record BasinMap(int[][] Labels, IReadOnlyList<double[][]> Attractors)
{
    /// <summary>The label of a start from which the orbit diverges.</summary>
    public const int Diverged = -1;

    /// <summary>The label of a start whose orbit stays but repeats nothing: a longer period, chaos, or too few steps.</summary>
    public const int Unsettled = -2;
}

/// <summary>Basins of attraction by iteration from a grid of starts.</summary>
public static class Basins
{
    /// <summary>Labels a grid of starts.</summary>
    /// <typeparam name="TMap">The map, a struct.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="origin">The coordinates that are on neither axis, finite.</param>
    /// <param name="columns">The first axis.</param>
    /// <param name="rows">The second axis, along another coordinate.</param>
    /// <param name="options">How to tell attractors apart.</param>
    /// <returns>The labels and the attractors.</returns>
    public static BasinMap Compute<TMap>(in TMap map, ReadOnlySpan<double> origin, GridAxis columns, GridAxis rows, BasinOptions? options = null)
        where TMap : struct, IDiscreteMap
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new BasinOptions();
        options.Validate();
        Require.Length(origin.Length, map.Dimension, nameof(origin));
        Require.AllFinite(origin);
        columns.Validate(origin.Length);
        rows.Validate(origin.Length);
        if (rows.Coordinate == columns.Coordinate) throw new ArgumentException($"rows and columns both run along coordinate {rows.Coordinate}; they must differ.", nameof(rows));
        List<double[][]> attractors = [];
        var labels = new int[rows.Count][];
        double[] state = new double[origin.Length], scratch = new double[origin.Length];
        for (var r = 0; r < rows.Count; r++)
        {
            labels[r] = new int[columns.Count];
            for (var c = 0; c < columns.Count; c++)
            {
                origin.CopyTo(state);
                (state[columns.Coordinate], state[rows.Coordinate]) = (columns.At(c), rows.At(r));
                labels[r][c] = Label(map, state, scratch, options, attractors);
            }
        }

        return new BasinMap(labels, attractors);
    }

    private static int Label<TMap>(in TMap map, double[] state, double[] scratch, BasinOptions options, List<double[][]> attractors)
        where TMap : struct, IDiscreteMap
    {
        if (!Advance(map, state, scratch, options.Steps, options.Escape)) return BasinMap.Diverged;
        List<double[]> orbit = [[.. state]];
        for (var period = 1; period <= options.LongestPeriod; period++)
        {
            if (!Advance(map, state, scratch, 1, options.Escape)) return BasinMap.Diverged;
            if (Near(state, orbit[0], options.Tolerance)) return Identify(orbit, options.Tolerance, attractors);
            orbit.Add([.. state]);
        }

        return BasinMap.Unsettled;
    }

    private static int Identify(List<double[]> orbit, double tolerance, List<double[][]> attractors)
    {
        var known = attractors.FindIndex(a => a.Length == orbit.Count && Array.Exists(a, point => Near(point, orbit[0], tolerance)));
        if (known >= 0) return known;
        attractors.Add([.. orbit]);
        return attractors.Count - 1;
    }

    private static bool Advance<TMap>(in TMap map, double[] state, double[] scratch, int steps, double escape)
        where TMap : struct, IDiscreteMap
    {
        for (var t = 0; t < steps; t++)
        {
            map.Step(state, scratch);
            scratch.CopyTo(state, 0);
            if (!Escape.Within(state, escape)) return false;
        }

        return true;
    }

    private static bool Near(double[] a, double[] b, double tolerance)
    {
        for (var i = 0; i < a.Length; i++)
            if (!(Math.Abs(a[i] - b[i]) <= tolerance)) return false;
        return true;
    }
}
