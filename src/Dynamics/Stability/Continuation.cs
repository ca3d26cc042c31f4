using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Stability;

/// <summary>Where a family doubled its period, again and again.</summary>
/// <param name="End">Why it ended; <see cref="ContinuationEnd.PointLimit"/> with fewer flips than asked for means that a branch had none within its points.</param>
/// <param name="Flips">The flips in order; the orbit of each has twice the period of the one before.</param>
public sealed record PeriodDoublingCascade(ContinuationEnd End, IReadOnlyList<Bifurcation> Flips)
{
    /// <summary>(p_k - p_(k-1)) / (p_(k+1) - p_k) for k = 2, 3, ...: they tend to Feigenbaum's 4.6692... for a map with a quadratic extremum (Feigenbaum 1978).</summary>
    public IReadOnlyList<double> Ratios =>
        [
            .. Enumerable
                .Range(1, Math.Max(0, Flips.Count - 2))
                .Select(k =>
                    (Flips[k].Parameter - Flips[k - 1].Parameter) / (Flips[k + 1].Parameter - Flips[k].Parameter)
                ),
        ];
}

/// <summary>Branches of periodic orbits in a parameter, and the bifurcations on them.</summary>
public static class Continuation
{
    /// <summary>Follows a branch by pseudo-arclength continuation, through folds, and locates its bifurcations.</summary>
    /// <typeparam name="TFamily">The family, a struct.</typeparam>
    /// <typeparam name="TMap">Its maps, structs.</typeparam>
    /// <param name="family">The family.</param>
    /// <param name="period">n, at least 1.</param>
    /// <param name="guess">Near the orbit at the start: all points, or the first one.</param>
    /// <param name="parameter">The start, within the range.</param>
    /// <param name="options">Range and steps.</param>
    public static Branch Follow<TFamily, TMap>(
        in TFamily family,
        int period,
        ReadOnlySpan<double> guess,
        double parameter,
        ContinuationOptions options
    )
        where TFamily : struct, IMapFamily<TMap>
        where TMap : struct, ITangentMap
    {
        Validate(parameter, options);
        var (follower, node) = Begin<TFamily, TMap>(family, period, guess, parameter, options);
        return node is null
            ? new Branch(ContinuationEnd.NoStart, [], [])
            : follower.Follow(node, Math.Abs(options.FirstStep), options.LargestStep, false);
    }

    /// <summary>
    /// Follows the other branch through a flip, a pitchfork or a transcritical point. The first orbit is a first step
    /// away
    /// from the bifurcation: to the side to which the parameter moves by the sign of the step, or, where the parameter
    /// stands still, along the tangent as it is given or against it.
    /// </summary>
    /// <typeparam name="TFamily">The family, a struct.</typeparam>
    /// <typeparam name="TMap">Its maps, structs.</typeparam>
    /// <param name="family">The family.</param>
    /// <param name="bifurcation">The bifurcation, with the tangent of the other branch.</param>
    /// <param name="options">Range and steps.</param>
    /// <exception cref="ArgumentException">The bifurcation has no other branch.</exception>
    public static Branch Switch<TFamily, TMap>(in TFamily family, Bifurcation bifurcation, ContinuationOptions options)
        where TFamily : struct, IMapFamily<TMap>
        where TMap : struct, ITangentMap
    {
        ArgumentNullException.ThrowIfNull(bifurcation);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (bifurcation.Other is null)
            throw new ArgumentException(
                $"bifurcation is a {bifurcation.Kind} without another branch; it must be a flip, a pitchfork or a transcritical point.",
                nameof(bifurcation)
            );
        var weight = BranchEquations<TFamily, TMap>.WeightOf(family, bifurcation.Orbit, bifurcation.Parameter, options);
        var (follower, node) = Turn<TFamily, TMap>(family, bifurcation, options.FirstStep, weight, options);
        return node is null
            ? new Branch(ContinuationEnd.NoStart, [], [])
            : follower.Follow(node, Math.Abs(options.FirstStep), options.LargestStep, false);
    }

    /// <summary>
    /// Follows a branch to its first flip, turns onto the branch of twice the period, and so on. The steps on a doubled branch are fractions of the extent of the branch before it, in all its points and the parameter, so that they shrink with the cascade.
    /// </summary>
    /// <typeparam name="TFamily">The family, a struct.</typeparam>
    /// <typeparam name="TMap">Its maps, structs.</typeparam>
    /// <param name="family">The family.</param>
    /// <param name="period">The period of the first orbit, at least 1.</param>
    /// <param name="guess">Near the orbit at the start: all points, or the first one.</param>
    /// <param name="parameter">The start, within the range.</param>
    /// <param name="doublings">How many flips to find, from 1 to 12.</param>
    /// <param name="options">Range, steps of the first branch, and the number of points of each.</param>
    public static PeriodDoublingCascade Cascade<TFamily, TMap>(
        in TFamily family,
        int period,
        ReadOnlySpan<double> guess,
        double parameter,
        int doublings,
        ContinuationOptions options
    )
        where TFamily : struct, IMapFamily<TMap>
        where TMap : struct, ITangentMap
    {
        Validate(parameter, options);
        Require.InRange(doublings, 1, 12);
        var (follower, node) = Begin<TFamily, TMap>(family, period, guess, parameter, options);
        var (first, largest) = (Math.Abs(options.FirstStep), options.LargestStep);
        List<Bifurcation> flips = [];
        while (node is not null)
        {
            var branch = follower.Follow(node, first, largest, true);
            var flip = branch.Bifurcations.FirstOrDefault(b => b.Kind == BifurcationKind.Flip);
            if (flip is null)
                return new PeriodDoublingCascade(branch.End, flips);
            flips.Add(flip);
            if (flips.Count == doublings)
                return new PeriodDoublingCascade(ContinuationEnd.PointLimit, flips);
            // The extent of a branch in all its points shrinks by about 2.5 / sqrt 2 with each doubling: a tenth of the last one resolves the next.
            var extent = Distance(branch.Points[0], flip, follower.Equations.Weight);
            (first, largest) = (extent / 300, extent / 10);
            (follower, node) = Turn<TFamily, TMap>(family, flip, first, follower.Equations.Weight, options);
        }

        return new PeriodDoublingCascade(ContinuationEnd.NoStart, flips);
    }

    private static (BranchFollower<TFamily, TMap> Follower, BranchNode? Node) Begin<TFamily, TMap>(
        in TFamily family,
        int period,
        ReadOnlySpan<double> guess,
        double parameter,
        ContinuationOptions options
    )
        where TFamily : struct, IMapFamily<TMap>
        where TMap : struct, ITangentMap
    {
        var map = family.At(parameter);
        var orbit = PeriodicOrbits.Find(map, period, guess, options.Corrector);
        var weight = BranchEquations<TFamily, TMap>.WeightOf(family, orbit, parameter, options);
        var follower = new BranchFollower<TFamily, TMap>(family, map.Dimension, period, weight, options);
        var direction = new double[(map.Dimension * period) + 1];
        direction[^1] = Math.Sign(options.FirstStep);
        return (follower, orbit.Converged ? follower.Start(orbit, parameter, direction) : null);
    }

    /// <summary>A first point on the other branch, a step along its tangent.</summary>
    private static (BranchFollower<TFamily, TMap> Follower, BranchNode? Node) Turn<TFamily, TMap>(
        in TFamily family,
        Bifurcation bifurcation,
        double step,
        double weight,
        ContinuationOptions options
    )
        where TFamily : struct, IMapFamily<TMap>
        where TMap : struct, ITangentMap
    {
        var (other, points) = (bifurcation.Other!, bifurcation.Orbit.Points);
        double[] direction = [.. other.Points.SelectMany(x => x).Select(x => weight * x), other.Parameter];
        var norm = Squares.Of(direction).Root * (other.Parameter < 0 ? -1 : 1) * Math.Sign(step);
        double[] unit = [.. direction.Select(t => t / norm)];
        double[] at =
        [
            .. Enumerable
                .Range(0, other.Points.Length)
                .SelectMany(i => points[i % points.Length])
                .Select(x => weight * x),
            bifurcation.Parameter,
        ];
        var follower = new BranchFollower<TFamily, TMap>(
            family,
            points[0].Length,
            other.Points.Length,
            weight,
            options
        );
        return (follower, follower.Reach([.. at.Zip(unit, (y, t) => y + (Math.Abs(step) * t))], unit));
    }

    /// <summary>
    /// In all points and the parameter, eq. (10.23): an orbit may stay where it is as the parameter moves.
    /// </summary>
    private static double Distance(BranchPoint a, Bifurcation b, double weight) =>
        Squares
            .Of([
                a.Parameter - b.Parameter,
                .. a
                    .Orbit.Points.Zip(b.Orbit.Points)
                    .SelectMany(p => p.First.Zip(p.Second, (s, t) => weight * (s - t))),
            ])
            .Root;

    private static void Validate(double parameter, ContinuationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (!(parameter >= options.Lower && parameter <= options.Upper))
            throw new ArgumentOutOfRangeException(
                nameof(parameter),
                parameter,
                $"parameter is {parameter}; it must be from {options.Lower} to {options.Upper}."
            );
    }
}
