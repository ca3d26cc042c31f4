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
    public double At(int index) => Low + ((High - Low) * index / (Count - 1));

    internal void Validate(int dimension)
    {
        Require.InRange(Coordinate, 0, dimension - 1);
        Require.Finite(Low);
        Require.Finite(High);
        if (!(High > Low))
            throw new ArgumentOutOfRangeException(nameof(High), High, $"High is {High}; it must be above Low, {Low}.");
        Require.InRange(Count, 2);
    }
}

/// <summary>How to tell attractors apart.</summary>
/// <param name="Steps">
/// Steps before an orbit is looked at, at least 1; up to sixteen times as many where it is still arriving, eq. (10.22).
/// </param>
/// <param name="LongestPeriod">Orbits that do not repeat within this are called unsettled; at least 1.</param>
/// <param name="Tolerance">
/// Two attractors are the same when all coordinates agree to this, in units of the extent of the coordinate's axis or
/// of
/// the way that the orbit came along it, whichever is longer; above 0. Where attractors form a continuum, as minima on
/// a
/// valley floor do, it decides how finely they are told apart.
/// </param>
/// <param name="Escape">
/// An orbit with a coordinate beyond this in absolute value has diverged; above 0. Null: 1e12 times the largest
/// coordinate of all starts, in which the unit of length does not matter.
/// </param>
public sealed record BasinOptions(
    int Steps = 1000,
    int LongestPeriod = 16,
    double Tolerance = 1e-6,
    double? Escape = null
)
{
    internal void Validate()
    {
        Require.InRange(Steps, 1);
        Require.InRange(LongestPeriod, 1);
        Require.Positive(Tolerance);
        if (Escape is { } escape)
            Require.Positive(escape, nameof(Escape));
    }
}

/// <summary>Basins of attraction on a grid.</summary>
/// <param name="Labels">[row][column]: the index of the attractor, or <see cref="Diverged"/> or <see cref="Unsettled"/>. Rows go with the second axis.</param>
/// <param name="Attractors">The points of every attractor found, in the order of first appearance; the number of points is its period.</param>
public sealed record BasinMap(int[][] Labels, IReadOnlyList<double[][]> Attractors)
{
    /// <summary>The label of a start from which the orbit diverges.</summary>
    public const int Diverged = -1;

    /// <summary>
    /// The label of a start whose orbit stays and has not arrived: a longer period, chaos, or an approach too slow for
    /// the steps.
    /// </summary>
    public const int Unsettled = -2;
}

/// <summary>
/// Basins of attraction by iteration from a grid of starts. A small step is no arrival: the distance that remains is
/// estimated from the rate at which two passes shrink, eq. (10.22).
/// </summary>
public static class Basins
{
    /// <summary>Labels a grid of starts.</summary>
    /// <typeparam name="TMap">The map, a struct.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="origin">The coordinates that are on neither axis, finite.</param>
    /// <param name="columns">The first axis.</param>
    /// <param name="rows">The second axis, along another coordinate.</param>
    /// <param name="options">How to tell attractors apart.</param>
    public static BasinMap Compute<TMap>(
        in TMap map,
        ReadOnlySpan<double> origin,
        GridAxis columns,
        GridAxis rows,
        BasinOptions? options = null
    )
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
        if (rows.Coordinate == columns.Coordinate)
            throw new ArgumentException(
                $"rows and columns both run along coordinate {rows.Coordinate}; they must differ.",
                nameof(rows)
            );
        var bound = options.Escape ?? Escape.Bound([.. origin, columns.Low, columns.High, rows.Low, rows.High]);
        var search = new AttractorSearch<TMap>(map, options, bound, columns, rows);
        var labels = new int[rows.Count][];
        var start = origin.ToArray();
        for (var r = 0; r < rows.Count; r++)
        {
            labels[r] = new int[columns.Count];
            for (var c = 0; c < columns.Count; c++)
            {
                (start[columns.Coordinate], start[rows.Coordinate]) = (columns.At(c), rows.At(r));
                labels[r][c] = search.Label(start);
            }
        }

        return new BasinMap(labels, search.Attractors);
    }
}
