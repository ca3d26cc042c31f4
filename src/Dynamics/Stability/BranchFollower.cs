using System.Numerics.Tensors;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// Pseudo-arclength continuation (Keller 1977) of the shooting equations F(X, p) = 0: predict along the tangent, then correct by Newton's method in the plane across it, so that folds are passed like any other point.
/// Lengths are those of (w X, p), eq. (10.23).
/// </summary>
internal sealed class BranchFollower<TFamily, TMap>
    where TFamily : struct, IMapFamily<TMap>
    where TMap : struct, ITangentMap
{
    private readonly ContinuationOptions _options;

    public BranchFollower(in TFamily family, int dimension, int period, double weight, ContinuationOptions options) =>
        (_options, Equations) = (
            options,
            new BranchEquations<TFamily, TMap>(family, dimension, period, weight, options)
        );

    /// <summary>The equations.</summary>
    public BranchEquations<TFamily, TMap> Equations { get; }

    /// <summary>The node at a known orbit, its tangent with a positive product with the given unit vector.</summary>
    public BranchNode Start(PeriodicOrbit orbit, double parameter, double[] direction) =>
        Equations.Node([.. orbit.Points.SelectMany(x => x).Select(x => Equations.Weight * x), parameter], direction);

    /// <summary>The node a step along the tangent further; null where the corrector fails, or the branch turns by more than 25 degrees, so that it may have jumped to another one.</summary>
    public BranchNode? Advance(BranchNode node, double step)
    {
        var next = Reach([.. node.Y.Zip(node.Tangent, (y, t) => y + (step * t))], node.Tangent);
        return next is not null && Dot(next.Tangent, node.Tangent) > 0.9 ? next : null;
    }

    /// <summary>The node near a place on a step.</summary>
    public BranchNode? Reach(BranchSegment segment, double s)
    {
        var node = Reach(segment.At(s), segment.From.Tangent);
        return node is not null && Dot(node.Tangent, segment.From.Tangent) > 0.9 ? node : null;
    }

    /// <summary>The point of the branch in the plane through a point across a direction: the way onto a branch that is known only to lie near.</summary>
    public BranchNode? Reach(double[] predicted, double[] direction) => Equations.Reach(predicted, direction);

    /// <summary>Follows the branch from a node; ends at the first flip if told so.</summary>
    public Branch Follow(BranchNode node, double step, double largest, bool untilFlip)
    {
        List<BranchPoint> points = [new(node.Parameter, node.Orbit)];
        var locator = new BifurcationLocator<TFamily, TMap>(this, _options);
        step = Math.Min(step, largest);
        List<Bifurcation> bifurcations = [.. locator.At(node, step)];
        var bend = 0.0;
        while (points.Count < _options.MaximumPoints)
        {
            var next = Advance(node, step);
            if (next is null || !IsSmooth(new BranchSegment(node, next, step), bend))
            {
                step /= 2;
                if (step < 1e-9 * largest)
                    return new Branch(ContinuationEnd.StepTooSmall, points, bifurcations);
                continue;
            }

            Add(locator.Between(node, next, step), node);
            if (!InRange(next.Parameter, 0))
                return new Branch(ContinuationEnd.LeftRange, points, bifurcations);
            points.Add(new BranchPoint(next.Parameter, next.Orbit));
            if (untilFlip && bifurcations.Exists(b => b.Kind == BifurcationKind.Flip))
                return new Branch(ContinuationEnd.PointLimit, points, bifurcations);
            bend = Distance(node.Tangent, next.Tangent) / step;
            if (next.Orbit.Iterations <= 5)
                step = Math.Min(1.5 * step, largest);
            node = next;
        }

        Add(locator.At(node, step), node);
        return new Branch(ContinuationEnd.PointLimit, points, bifurcations);

        // One that lies on the first or last node, to rounding, is seen on either side of it.
        void Add(IEnumerable<Bifurcation> found, BranchNode on) =>
            bifurcations.AddRange(
                found.Where(b =>
                    InRange(b.Parameter, b.Uncertainty)
                    && !(
                        BifurcationLocator<TFamily, TMap>.On(on, b)
                        && bifurcations.Exists(a => a.Kind == b.Kind && BifurcationLocator<TFamily, TMap>.On(on, a))
                    )
                )
            );
    }

    /// <summary>
    /// Whether a step that turns more than twice as fast as the one before follows a curve and not a corner, from one
    /// branch onto another that crosses it: a quarter or three quarters along a corner, wherever on the step it lies,
    /// the tangent is off that of the cubic by 3/16 of the turn or more. (Half-way it is not, for a corner at 1/6 or 5/6.)
    /// </summary>
    private bool IsSmooth(BranchSegment segment, double bend)
    {
        var turn = Distance(segment.From.Tangent, segment.To.Tangent);
        // Tangents have the accuracy of dF/dp; branches that close in direction are one.
        if (turn <= 1e-6 || turn <= 2 * bend * segment.Step)
            return true;
        return Follows(0.25) && Follows(0.75);

        bool Follows(double share)
        {
            if (Reach(segment, share * segment.Step) is not { } node)
                return false;
            var slope = segment.Slope(share * segment.Step);
            var norm = Squares.Of(slope).Root;
            return Distance([.. slope.Select(x => x / norm)], node.Tangent) < turn / 16;
        }
    }

    private static double Distance(double[] a, double[] b) => Squares.Of([.. a.Zip(b, (x, y) => x - y)]).Root;

    private bool InRange(double parameter, double slack) =>
        parameter >= _options.Lower - slack && parameter <= _options.Upper + slack;

    private static double Dot(double[] a, double[] b) => TensorPrimitives.Dot<double>(a, b);
}
