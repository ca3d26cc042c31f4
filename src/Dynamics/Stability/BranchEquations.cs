using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// The equations of a branch, F(X, p) = 0 in (w X, p), eq. (10.23), with their tangents, and Newton's method on them in
/// the plane across a direction. dF/dp is taken by central differences; it steers the iteration, and the solution does
/// not depend on it.
/// </summary>
internal sealed class BranchEquations<TFamily, TMap>
    where TFamily : struct, IMapFamily<TMap>
    where TMap : struct, ITangentMap
{
    private readonly TFamily _family;
    private readonly ContinuationOptions _options;
    private readonly Shooting _shooting;
    private readonly LinearSystem _system;
    private readonly double[] _ahead,
        _behind;
    private readonly int _dimension;

    public BranchEquations(in TFamily family, int dimension, int period, double weight, ContinuationOptions options)
    {
        (_family, _dimension, _options, Weight) = (family, dimension, options, weight);
        _shooting = new Shooting(dimension, period) { Length = options.LargestStep / weight };
        _system = new LinearSystem(_shooting.Size + 1);
        (_ahead, _behind) = (new double[dimension], new double[dimension]);
    }

    /// <summary>
    /// w: the largest step over the length on which the map changes along the orbit, the shortest over its points.
    /// </summary>
    public static double WeightOf(in TFamily family, PeriodicOrbit orbit, double parameter, ContinuationOptions options)
    {
        var (map, n) = (family.At(parameter), orbit.Points[0].Length);
        double[] direction = [.. Enumerable.Range(0, n).Select(i => 1 - (0.37 * i / n))],
            identity = new double[n * n];
        for (var i = 0; i < n; i++)
            identity[(i * n) + i] = 1;
        var length = double.PositiveInfinity;
        foreach (var point in orbit.Points)
            length = Math.Min(length, NaturalLength.Along(map, point, direction, identity));
        return options.LargestStep / length;
    }

    /// <summary>w.</summary>
    public double Weight { get; }

    /// <summary>The size of the orbit that was evaluated last, in lengths on which the map changes.</summary>
    public double RelativeSize => _shooting.Scale / _shooting.Length;

    /// <summary>The node at a solution, its tangent with a positive product with the given vector.</summary>
    public BranchNode Node(double[] y, double[] direction)
    {
        Evaluate(y);
        return Node(y, direction, 0);
    }

    /// <summary>The node at a point that is known to lie on the branch, with its tangent.</summary>
    public BranchNode At(double[] y, double[] tangent)
    {
        Evaluate(y);
        return new BranchNode(y, tangent, _shooting.Result(NewtonEnd.Converged, 0));
    }

    /// <summary>The node in the plane through a point across a direction; null where Newton's method fails.</summary>
    public BranchNode? Reach(double[] predicted, double[] direction)
    {
        double[] corrected = [.. predicted];
        var iterations = Correct(corrected, predicted, direction);
        return iterations < 0 ? null : Node(corrected, direction, iterations);
    }

    /// <summary>w F at a point.</summary>
    public Vector<double> Residual(double[] y)
    {
        Evaluate(y);
        return Weight * Vector<double>.Build.DenseOfArray(_shooting.Residual);
    }

    /// <summary>The Jacobian of w F by Y, one column more than rows.</summary>
    public Matrix<double> Jacobian(double[] y)
    {
        Evaluate(y);
        Fill(y[^1], y);
        return Matrix<double>.Build.Dense(_shooting.Size, y.Length, (i, j) => _system[i, j]);
    }

    /// <summary>
    /// The size of the orbit over that of dF/dp: how far an error of F relative to the orbit moves the parameter.
    /// </summary>
    public double ParameterPerResidual(BranchNode node)
    {
        var size = Weight * Magnitude.Largest(_shooting.Points);
        return size / Jacobian(node.Y).Column(node.Y.Length - 1).AbsoluteMaximum();
    }

    /// <summary>A direction in the units of the orbit and the parameter.</summary>
    public BranchDirection Direction(double[] unit) =>
        new([.. unit[..^1].Chunk(_dimension).Select(point => point.Select(x => x / Weight).ToArray())], unit[^1]);

    /// <summary>
    /// The direction of the branch of twice the period: the multiplier's eigenvector q, carried around the orbit once
    /// (q) and twice (-q).
    /// </summary>
    public BranchDirection FlipDirection(BranchNode node)
    {
        Evaluate(node.Y);
        var (q, period) = (Stability.FlipDirection.Of(_shooting), _shooting.Size / _dimension);
        var points = new double[2 * period][];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = q.ToArray();
            q = _shooting.Block(i % period) * q;
        }

        return new BranchDirection(points, 0);
    }

    /// <summary>Newton's method on F = 0 and direction . (Y - predicted) = 0; returns the iterations, or -1.</summary>
    private int Correct(double[] y, double[] predicted, double[] direction)
    {
        var newton = _options.Corrector;
        var (moved, before) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var iteration = 0; iteration <= newton.MaximumIterations; iteration++)
        {
            Evaluate(y);
            if (!double.IsFinite(_shooting.Error))
                return -1;
            // Near a bifurcation an orbit is less sharp than its residual: the steps end where the next one, about the
            // square
            // of the last, is nothing, or where rounding keeps them from falling.
            var small = _shooting.Error <= newton.Tolerance * _shooting.Scale;
            if (small && iteration > 0 && (moved <= 1e-9 * _options.LargestStep || moved > before / 2))
                return iteration;
            Fill(y[^1], direction);
            for (var i = 0; i < _shooting.Size; i++)
                _system.Vector[i] = -Weight * _shooting.Residual[i];
            for (var i = 0; i < y.Length; i++)
                _system.Vector[^1] -= direction[i] * (y[i] - predicted[i]);
            // Exactly where branches cross the equations are singular although the orbit is known.
            if (!_system.Solve())
                return small ? iteration : -1;
            for (var i = 0; i < y.Length; i++)
                y[i] += _system.Vector[i];
            (before, moved) = (moved, Magnitude.Largest(_system.Vector));
        }

        return -1;
    }

    /// <summary>The node at the point that was evaluated last.</summary>
    private BranchNode Node(double[] y, double[] direction, int iterations)
    {
        var orbit = _shooting.Result(NewtonEnd.Converged, iterations);
        Fill(y[^1], direction);
        _system.Vector[^1] = 1;
        var tangent = _system.Solve() ? _system.Vector : Straight(y[^1], direction);
        var norm = Squares.Of(tangent).Root;
        return new BranchNode(y, [.. tangent.Select(t => t / norm)], orbit);
    }

    /// <summary>
    /// Where a direction is across the branch, or two branches cross: as far straight on as the null vectors of the
    /// equations allow.
    /// </summary>
    private double[] Straight(double parameter, double[] direction)
    {
        Fill(parameter, direction);
        var svd = Matrix<double>.Build.Dense(_shooting.Size, direction.Length, (i, j) => _system[i, j]).Svd();
        var nullity = 1 + svd.S.Count(s => s <= 1e-12 * svd.S[0]);
        var rows = Enumerable.Range(direction.Length - nullity, nullity).Select(svd.VT.Row);
        var along = rows.Aggregate(
            Vector<double>.Build.Dense(direction.Length),
            (sum, v) => sum + ((v * Vector<double>.Build.Dense(direction)) * v)
        );
        return [.. along.L2Norm() > 1e-6 ? along : svd.VT.Row(direction.Length - 1)];
    }

    private void Evaluate(double[] y)
    {
        for (var i = 0; i < _shooting.Size; i++)
            _shooting.Points[i] = y[i] / Weight;
        _shooting.Evaluate(_family.At(y[^1]));
    }

    private void Fill(double parameter, double[] direction)
    {
        _system.Clear();
        _shooting.Fill(_system);
        double h = 1e-4 * _options.LargestStep,
            right = parameter + h,
            left = parameter - h;
        var (up, down) = (_family.At(right), _family.At(left));
        for (var i = 0; i < _shooting.Size; i += _dimension)
        {
            var x = _shooting.Points.AsSpan(i, _dimension);
            up.Step(x, _ahead);
            down.Step(x, _behind);
            for (var r = 0; r < _dimension; r++)
                _system[i + r, _shooting.Size] = Weight * (_ahead[r] - _behind[r]) / (right - left);
        }

        for (var i = 0; i < direction.Length; i++)
            _system[_shooting.Size, i] = direction[i];
    }
}
