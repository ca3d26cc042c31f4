using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Stability;

/// <summary>Where the orbits of a diagram start.</summary>
public enum DiagramStart
{
    /// <summary>Every parameter starts afresh from the same point.</summary>
    Fresh,

    /// <summary>Every parameter goes on from where the one before it ended, so that one attractor is followed and hysteresis shows; after a divergence from the given start again.</summary>
    CarryOver,
}

/// <summary>How to draw an orbit diagram.</summary>
/// <param name="Transient">Steps not recorded, at least 0.</param>
/// <param name="Recorded">Steps recorded, at least 1.</param>
/// <param name="Coordinate">Which coordinate is recorded, from 0.</param>
/// <param name="Escape">
/// An orbit with a coordinate beyond this in absolute value has diverged; above 0. Null: 1e12 times the largest
/// coordinate of the start and its first image, in which the unit of length does not matter.
/// </param>
/// <param name="Start">Where orbits start.</param>
public sealed record OrbitDiagramOptions(
    int Transient,
    int Recorded,
    int Coordinate = 0,
    double? Escape = null,
    DiagramStart Start = DiagramStart.Fresh
);

/// <summary>One column of an orbit diagram.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Values">The coordinate recorded, one a step; empty where the orbit diverged.</param>
/// <param name="DivergedAt">The step, counted from the start of the transient as 1, at which the orbit was first beyond the escape bound or not finite; null if it stayed.</param>
public sealed record DiagramColumn(double Parameter, double[] Values, int? DivergedAt);

/// <summary>Orbit diagrams (bifurcation diagrams by iteration).</summary>
public static class OrbitDiagram
{
    /// <summary>Iterates a family at a list of parameters.</summary>
    /// <typeparam name="TFamily">The family, a struct.</typeparam>
    /// <typeparam name="TMap">Its maps, structs.</typeparam>
    /// <param name="family">The family.</param>
    /// <param name="parameters">The parameters in the order in which they are visited; not empty, finite.</param>
    /// <param name="start">The start, finite.</param>
    /// <param name="options">Lengths and start.</param>
    /// <returns>One column a parameter.</returns>
    public static DiagramColumn[] Compute<TFamily, TMap>(
        in TFamily family,
        ReadOnlySpan<double> parameters,
        ReadOnlySpan<double> start,
        OrbitDiagramOptions options
    )
        where TFamily : struct, IMapFamily<TMap>
        where TMap : struct, IDiscreteMap
    {
        ArgumentNullException.ThrowIfNull(options);
        if (parameters.IsEmpty)
            throw new ArgumentException("parameters is empty; it must have at least 1 element.", nameof(parameters));
        Require.AllFinite(parameters);
        Require.AllFinite(start);
        Require.InRange(options.Transient, 0);
        Require.InRange(options.Recorded, 1);
        if (options.Escape is { } escape)
            Require.Positive(escape, nameof(options.Escape));
        Require.Length(start.Length, family.At(parameters[0]).Dimension, nameof(start));
        Require.InRange(options.Coordinate, 0, start.Length - 1);
        double[] state = start.ToArray(),
            scratch = new double[start.Length];
        var columns = new DiagramColumn[parameters.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            if (options.Start == DiagramStart.Fresh || (i > 0 && columns[i - 1].DivergedAt is not null))
                start.CopyTo(state);
            var values = new double[options.Recorded];
            var map = family.At(parameters[i]);
            map.Step(start, scratch);
            var diverged = Fill(
                map,
                state,
                scratch,
                options,
                options.Escape ?? Escape.Bound([.. start, .. scratch]),
                values
            );
            columns[i] = new DiagramColumn(parameters[i], diverged is null ? values : [], diverged);
        }

        return columns;
    }

    private static int? Fill<TMap>(
        in TMap map,
        double[] state,
        double[] scratch,
        OrbitDiagramOptions options,
        double bound,
        double[] values
    )
        where TMap : struct, IDiscreteMap
    {
        for (var t = 1; t <= options.Transient + options.Recorded; t++)
        {
            map.Step(state, scratch);
            scratch.CopyTo(state, 0);
            if (!Escape.Within(state, bound))
                return t;
            if (t > options.Transient)
                values[t - options.Transient - 1] = state[options.Coordinate];
        }

        return null;
    }
}

/// <summary>The test for divergence.</summary>
internal static class Escape
{
    /// <summary>
    /// 1e12 times the largest of some coordinates: far beyond any attractor that their length says something of, and
    /// early in any divergence.
    /// </summary>
    public static double Bound(ReadOnlySpan<double> coordinates)
    {
        var largest = 0.0;
        foreach (var x in coordinates)
            largest = Math.Max(largest, Math.Abs(x));
        // Infinite, not a number, or from a start that never leaves zero: then only the finite numbers are a bound.
        var bound = 1e12 * largest;
        return bound > 0 && double.IsFinite(bound) ? bound : double.MaxValue;
    }

    /// <summary>Whether all coordinates are numbers of at most a bound in absolute value.</summary>
    public static bool Within(ReadOnlySpan<double> state, double bound) =>
        !state.ContainsAnyExceptInRange(-bound, bound);
}
