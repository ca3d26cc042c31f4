using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// Finds the bifurcations of one step of a branch, eq. (10.24). Flips, folds and Neimark-Sacker points are ordinary
/// points
/// of the continuation and are located to rounding. Where two branches cross, the equations are singular, and a node at
/// a
/// distance s has an error like a rounding over s: there everything is interpolated from nodes at some distance.
/// </summary>
internal sealed class BifurcationLocator<TFamily, TMap>(
    BranchFollower<TFamily, TMap> follower,
    ContinuationOptions options
)
    where TFamily : struct, IMapFamily<TMap>
    where TMap : struct, ITangentMap
{
    // A share of a step over which interpolation is good to a fourth power, and which is far longer than a rounding.
    private const double Short = 1e-3;

    // Nodes of the step that is looked at, by their distance: every test function asks for the same ones.
    private readonly Dictionary<double, BranchNode?> _nodes = [];
    private BranchSegment _segment = null!;

    /// <summary>Whether a bifurcation lies on a node, to the accuracy that it is located to.</summary>
    public static bool On(BranchNode node, Bifurcation bifurcation) =>
        Math.Abs(bifurcation.Parameter - node.Parameter) <= 4 * bifurcation.Uncertainty;

    /// <summary>The bifurcations on a node itself.</summary>
    public IEnumerable<Bifurcation> At(BranchNode node, double step)
    {
        var length = 2 * Short * step;
        if (follower.Advance(node, -length / 2) is not { } before || follower.Advance(before, length) is not { } after)
            return [];
        return Between(before, after, length).Where(b => On(node, b));
    }

    /// <summary>The bifurcations within a step, its end included, in order.</summary>
    public IEnumerable<Bifurcation> Between(BranchNode from, BranchNode to, double step)
    {
        _nodes.Clear();
        (_segment, _nodes[0], _nodes[step]) = (new BranchSegment(from, to, step), from, to);
        List<(double Where, Bifurcation Found)> found = [];
        List<(double From, double To)> straight = [(0, step)];
        if (Changes(0, step, BranchTest.Turn))
        {
            var (turn, shift) = (Zero(0, step, BranchTest.Turn, 0.1 * Nearby), Nearby);
            // At a fold a multiplier passes 1 too; on the side branch of a pitchfork one touches 1.
            var fold = Changes(turn - shift, turn + shift, BranchTest.Unit);
            found.Add((turn, fold ? Regular(BifurcationKind.Fold, BranchTest.Turn) : Crossing(turn, BranchTest.Turn)));
            if (fold)
                straight = [(0, turn - shift), (turn + shift, step)];
        }

        foreach (var (a, b) in straight)
        {
            if (!(a < b && Changes(a, b, BranchTest.Unit)))
                continue;
            var zero = Zero(a, b, BranchTest.Unit, 0.1 * Nearby);
            found.Add((zero, Crossing(zero, BranchTest.Unit)));
        }

        foreach (
            var (kind, test) in (ReadOnlySpan<(BifurcationKind, BranchTest)>)
                [(BifurcationKind.Flip, BranchTest.Flip), (BifurcationKind.NeimarkSacker, BranchTest.Pairs)]
        )
        {
            if (!Changes(0, step, test))
                continue;
            var located = Regular(kind, test);
            // Two real multipliers with product 1 make the test function of pairs vanish, and nothing happens there.
            if (
                kind == BifurcationKind.NeimarkSacker
                && !located.Orbit.Multipliers.Any(m => m.Imaginary != 0 && Math.Abs(m.Magnitude - 1) < 1e-6)
            )
                continue;
            found.Add((Zero(0, step, test, Nearby), located));
        }

        return found.OrderBy(f => f.Where).Select(f => f.Found);
    }

    private double Nearby => Short * _segment.Step;

    private BranchNode? Node(double s)
    {
        if (!_nodes.TryGetValue(s, out var node))
            _nodes[s] = node = follower.Reach(_segment, s);
        return node;
    }

    private double Value(double s, BranchTest test) => Node(s) is { } node ? test.Value(node) : double.NaN;

    /// <summary>
    /// A test function at a place, or just after it where it vanishes there: round numbers are where users start, and a
    /// zero that falls on a node is no less a zero.
    /// </summary>
    private double After(double s, BranchTest test) =>
        Value(s, test) is var value && value != 0 ? value : Value(s + Nearby, test);

    private bool Changes(double a, double b, BranchTest test) =>
        (After(a, test) < 0 && After(b, test) > 0) || (After(a, test) > 0 && After(b, test) < 0);

    /// <summary>A zero between two places, by the secant rule with the Illinois modification.</summary>
    private double Zero(double a, double b, BranchTest test, double resolution)
    {
        var (fa, fb) = (Value(a, test), Value(b, test));
        if (fb == 0)
            return b;
        if (fa == 0)
        {
            a += Nearby;
            fa = Value(a, test);
        }

        var c = b;
        for (var (i, side) = (0, 0); i < 100; i++)
        {
            var last = c;
            c = ((a * fb) - (b * fa)) / (fb - fa);
            if (!(c > a && c < b))
                c = (a + b) / 2;
            var fc = Value(c, test);
            // Not a number: the equations are singular, as they are where branches cross.
            if (fc == 0 || !double.IsFinite(fc) || Math.Abs(c - last) <= resolution || b - a <= resolution)
                break;
            if (fc > 0 == fb > 0)
            {
                (b, fb, fa) = (c, fc, side > 0 ? fa / 2 : fa);
                side = 1;
            }
            else
            {
                (a, fa, fb) = (c, fc, side < 0 ? fb / 2 : fb);
                side = -1;
            }
        }

        return c;
    }

    private Bifurcation Regular(BifurcationKind kind, BranchTest test)
    {
        var zero = Zero(0, _segment.Step, test, 4 * Roundoff.Unit * _segment.Step);
        var (before, node, after) = (Node(zero - Nearby), Node(zero), Node(zero + Nearby));
        if (before is null || node is null || after is null)
            return Unresolved(kind);
        var rounding =
            kind == BifurcationKind.Fold ? 4 * Roundoff.Unit * follower.Equations.ParameterPerResidual(node) : 0;
        var error = (Math.Abs(test.Value(node)) + Noise(node, test)) / Slope(before, after, test);
        var other = kind == BifurcationKind.Flip ? follower.Equations.FlipDirection(node) : null;
        return new Bifurcation(
            kind,
            node.Parameter,
            rounding + Uncertainty(before, node, after, error),
            node.Orbit,
            other
        );
    }

    /// <summary>
    /// Where branches cross: the zero, the point and the tangent from the cubics through nodes at one and two short
    /// steps on either side; their error from those at two and four.
    /// </summary>
    private Bifurcation Crossing(double where, BranchTest test)
    {
        BranchNode?[] around = [.. CubicInterpolation.Wide.Select(t => Node(where + (t * Nearby)))];
        if (around.Contains(null))
            return Unresolved(BifurcationKind.Crossing);
        BranchNode[] wide = [around[0]!, around[1]!, around[4]!, around[5]!],
            narrow = [around[1]!, around[2]!, around[3]!, around[4]!];
        var coarse = 2 * CubicInterpolation.Root([.. wide.Select(test.Value)]);
        var zero = CubicInterpolation.Root([.. narrow.Select(test.Value)]);
        if (!double.IsFinite(zero + coarse))
            return Unresolved(BifurcationKind.Crossing);
        var y = CubicInterpolation.At(zero, [.. narrow.Select(node => node.Y)]);
        var tangent = CubicInterpolation.At(zero, [.. narrow.Select(node => node.Tangent)]);
        var node = follower.Equations.At(y, tangent);
        var (kind, other) = CrossingDirection.Of(follower.Equations, node, options.LargestStep / 10);
        // Some roundings of the residual move a node along the other branch by itself over the least singular value,
        // which grows with the distance.
        var singular = 4 * Roundoff.Unit * options.LargestStep * follower.Equations.RelativeSize / Nearby;
        var error =
            (Math.Abs(zero - coarse) * Nearby) + ((Noise(node, test) + singular) / Slope(narrow[1], narrow[2], test));
        return new Bifurcation(kind, node.Parameter, Uncertainty(narrow[1], node, narrow[2], error), node.Orbit, other);
    }

    /// <summary>What is left to say where the branch cannot be followed close to the zero: within this step.</summary>
    private Bifurcation Unresolved(BifurcationKind kind)
    {
        var (from, to, step) = _segment;
        return new Bifurcation(kind, to.Parameter, Math.Abs(to.Parameter - from.Parameter) + step, to.Orbit);
    }

    private double Noise(BranchNode node, BranchTest test) =>
        test.Rounding(node) * (1 + follower.Equations.RelativeSize);

    private double Slope(BranchNode before, BranchNode after, BranchTest test) =>
        Math.Abs(test.Value(after) - test.Value(before)) / (2 * Nearby);

    /// <summary>What an error along the branch makes of the parameter, to second order, and its own rounding.</summary>
    private double Uncertainty(BranchNode before, BranchNode node, BranchNode after, double error)
    {
        var bend = Math.Abs(after.Tangent[^1] - before.Tangent[^1]) / (2 * Nearby);
        return (error * (Math.Abs(node.Tangent[^1]) + (bend * error / 2)))
            + (4 * Roundoff.Unit * Math.Abs(node.Parameter));
    }
}
