using System.Numerics;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Stability;

/// <summary>A point on a branch with the branch's direction there: Y = (x_0 ... x_(n-1), p), a unit tangent of the same length.</summary>
internal sealed record BranchNode(double[] Y, double[] Tangent, PeriodicOrbit Orbit)
{
    public double Parameter => Y[^1];
}

/// <summary>
/// Pseudo-arclength continuation (Keller 1977) of the shooting equations F(X, p) = 0: predict along the tangent, then correct by Newton's method in the plane across it, so that folds are passed like any other point.
/// dF/dp is taken by central differences; it steers the iteration, and the solution does not depend on it.
/// </summary>
internal sealed class BranchFollower<TFamily, TMap>
    where TFamily : struct, IMapFamily<TMap>
    where TMap : struct, ITangentMap
{
    private readonly TFamily _family;
    private readonly ContinuationOptions _options;
    private readonly Shooting _shooting;
    private readonly LinearSystem _system;
    private readonly double[] _ahead, _behind;
    private readonly int _dimension;

    public BranchFollower(in TFamily family, int dimension, int period, ContinuationOptions options)
    {
        (_family, _dimension, _options) = (family, dimension, options);
        _shooting = new Shooting(dimension, period);
        _system = new LinearSystem(_shooting.Size + 1);
        (_ahead, _behind) = (new double[dimension], new double[dimension]);
    }

    /// <summary>The node at a known orbit, its tangent with a positive product with the given unit vector.</summary>
    public BranchNode Start(PeriodicOrbit orbit, double parameter, double[] direction)
    {
        double[] y = [.. orbit.Points.SelectMany(x => x), parameter];
        Evaluate(y);
        return Node(y, direction, 0);
    }

    /// <summary>The node a step along the tangent further; null where the corrector fails, or the branch turns by more than 25 degrees, so that it may have jumped to another one.</summary>
    public BranchNode? Advance(BranchNode node, double step)
    {
        double[] predicted = [.. node.Y.Zip(node.Tangent, (y, t) => y + (step * t))], corrected = [.. predicted];
        var iterations = Correct(corrected, predicted, node.Tangent);
        if (iterations < 0) return null;
        var next = Node(corrected, node.Tangent, iterations);
        return Dot(next.Tangent, node.Tangent) > 0.9 ? next : null;
    }

    /// <summary>The point of the branch in the plane through a point across a direction: the way onto a branch that is known only to lie near.</summary>
    public BranchNode? Reach(double[] predicted, double[] direction)
    {
        double[] corrected = [.. predicted];
        var iterations = Correct(corrected, predicted, direction);
        return iterations < 0 ? null : Node(corrected, direction, iterations);
    }

    /// <summary>Follows the branch from a node; ends at the first flip if told so.</summary>
    public Branch Follow(BranchNode node, double step, double largest, bool untilFlip)
    {
        List<BranchPoint> points = [new(node.Parameter, node.Orbit)];
        List<Bifurcation> bifurcations = [];
        step = Math.Min(step, largest);
        while (points.Count < _options.MaximumPoints)
        {
            var next = Advance(node, step);
            if (next is null)
            {
                step /= 2;
                if (step < 1e-9 * largest) return new Branch(ContinuationEnd.StepTooSmall, points, bifurcations);
                continue;
            }

            bifurcations.AddRange(Between(node, next, step).Where(b => InRange(b.Parameter)).OrderBy(b => Math.Abs(b.Parameter - node.Parameter)));
            if (!InRange(next.Parameter)) return new Branch(ContinuationEnd.LeftRange, points, bifurcations);
            points.Add(new BranchPoint(next.Parameter, next.Orbit));
            if (untilFlip && bifurcations.Exists(b => b.Kind == BifurcationKind.Flip)) break;
            if (next.Orbit.Iterations <= 4) step = Math.Min(1.5 * step, largest);
            node = next;
        }

        return new Branch(ContinuationEnd.PointLimit, points, bifurcations);
    }

    private bool InRange(double parameter) => parameter >= _options.Lower && parameter <= _options.Upper;

    private IEnumerable<Bifurcation> Between(BranchNode from, BranchNode to, double step)
    {
        var folded = Changes(from, to, Turn);
        if (folded) yield return Locate(BifurcationKind.Fold, from, to, step, Turn);
        else if (Changes(from, to, Unit)) yield return Locate(BifurcationKind.Crossing, from, to, step, Unit);
        if (Changes(from, to, Flip)) yield return Locate(BifurcationKind.Flip, from, to, step, Flip);
        if (!Changes(from, to, Pairs)) yield break;
        var pair = Locate(BifurcationKind.NeimarkSacker, from, to, step, Pairs);
        // Two real multipliers with product 1 make the same test function vanish, and nothing happens there.
        if (pair.Orbit.Multipliers.Any(m => m.Imaginary != 0 && Math.Abs(Complex.Abs(m) - 1) < 1e-6)) yield return pair;
    }

    /// <summary>Finds the zero of a test function along the step by the secant rule with the Illinois modification, to rounding in the parameter.</summary>
    private Bifurcation Locate(BifurcationKind kind, BranchNode from, BranchNode to, double step, Func<BranchNode, double> test)
    {
        var (a, fa, b, fb) = (0.0, test(from), step, test(to));
        var (best, uncertainty) = (to, Math.Abs(to.Parameter - from.Parameter));
        for (var (i, side) = (0, 0); i < 100; i++)
        {
            var c = ((a * fb) - (b * fa)) / (fb - fa);
            if (!(c > 0 && c < step) || Advance(from, c) is not { } middle) break;
            var (fc, moved) = (test(middle), Math.Abs(middle.Parameter - best.Parameter));
            (best, uncertainty) = (middle, moved);
            if (fc == 0 || Math.Abs(b - a) <= 1e-14 * step || (i > 0 && moved <= 1e-15 * Math.Max(1e-3, Math.Abs(middle.Parameter)))) break;
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

        return new Bifurcation(kind, best.Parameter, uncertainty, best.Orbit);
    }

    private static bool Changes(BranchNode from, BranchNode to, Func<BranchNode, double> test) => test(from) * test(to) < 0;

    private static double Turn(BranchNode node) => node.Tangent[^1];

    private static double Unit(BranchNode node) => node.Orbit.Multipliers.Aggregate(Complex.One, (product, m) => product * (1 - m)).Real;

    private static double Flip(BranchNode node) => node.Orbit.Multipliers.Aggregate(Complex.One, (product, m) => product * (1 + m)).Real;

    private static double Pairs(BranchNode node)
    {
        var (m, product) = (node.Orbit.Multipliers, Complex.One);
        for (var i = 0; i < m.Length; i++)
            for (var j = i + 1; j < m.Length; j++) product *= (m[i] * m[j]) - 1;
        return m.Length < 2 ? 1 : product.Real;
    }

    /// <summary>Newton's method on F = 0 and direction . (Y - predicted) = 0; returns the iterations, or -1.</summary>
    private int Correct(double[] y, double[] predicted, double[] direction)
    {
        var newton = _options.Corrector;
        for (var iteration = 0; iteration <= newton.MaximumIterations; iteration++)
        {
            Evaluate(y);
            if (!double.IsFinite(_shooting.Error)) return -1;
            // One step more than the residual asks for costs little, and near a bifurcation the orbit is less sharp than its residual.
            if (iteration > 0 && _shooting.Error <= newton.Tolerance * _shooting.Scale) return iteration;
            Fill(y[^1], direction);
            for (var i = 0; i < _shooting.Size; i++) _system.Vector[i] = -_shooting.Residual[i];
            for (var i = 0; i < y.Length; i++) _system.Vector[^1] -= direction[i] * (y[i] - predicted[i]);
            // Exactly on a crossing the equations are singular although the orbit is known.
            if (!_system.Solve()) return _shooting.Error <= newton.Tolerance * _shooting.Scale ? iteration : -1;
            for (var i = 0; i < y.Length; i++) y[i] += _system.Vector[i];
        }

        return -1;
    }

    /// <summary>The node at the point that was evaluated last.</summary>
    private BranchNode Node(double[] y, double[] direction, int iterations)
    {
        var orbit = _shooting.Result(NewtonEnd.Converged, iterations);
        Fill(y[^1], direction);
        _system.Vector[^1] = 1;
        // Exactly on a crossing two branches go through the point: straight on.
        if (!_system.Solve()) return new BranchNode(y, direction, orbit);
        var norm = Math.Sqrt(Dot(_system.Vector, _system.Vector));
        return new BranchNode(y, [.. _system.Vector.Select(t => t / norm)], orbit);
    }

    private void Evaluate(double[] y)
    {
        y.AsSpan(0, _shooting.Size).CopyTo(_shooting.Points);
        _shooting.Evaluate(_family.At(y[^1]));
    }

    private void Fill(double parameter, double[] direction)
    {
        _system.Clear();
        _shooting.Fill(_system);
        var h = 1e-6 * Math.Max(1e-3, Math.Abs(parameter));
        var (up, down) = (_family.At(parameter + h), _family.At(parameter - h));
        for (var i = 0; i < _shooting.Size; i += _dimension)
        {
            var x = _shooting.Points.AsSpan(i, _dimension);
            up.Step(x, _ahead);
            down.Step(x, _behind);
            for (var r = 0; r < _dimension; r++) _system[i + r, _shooting.Size] = (_ahead[r] - _behind[r]) / (2 * h);
        }

        for (var i = 0; i < direction.Length; i++) _system[_shooting.Size, i] = direction[i];
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);
}
