using System.Numerics.Tensors;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Gradient descent on a local model, projected after each step on S &lt;= 2/eta and u . g = 0: the constrained trajectory
/// of (6.2), with what the theory needs of its present point. The projection is Newton's method in span{u, grad S_perp}
/// of each iterate. It must come closer with every step: where it wanders before it settles, the point that it settles
/// at is an accident of where it has been and not one that the constraints determine.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="stepSize">The step size eta.</param>
/// <param name="rotation">Whether u is the leading eigenvector of each point, or the axis of u of the model.</param>
internal sealed class ConstrainedTrajectory(LocalModel model, double stepSize, bool rotation)
{
    private const int NewtonSteps = 20;

    // The edge is met to this relative error. S is a smooth function of numbers with relative errors of a few roundings
    // times the dimension.
    private const double Tolerance = 1e-12;

    // Differences are taken over this length: their relative error is the 1e-6.
    private readonly double _width = 1e-6 * Length(model);
    private readonly double[] _before = new double[model.Dimension];
    private readonly double[] _hessian = new double[model.Dimension * model.Dimension];

    /// <summary>theta^.</summary>
    public double[] Point { get; } = new double[model.Dimension];

    /// <summary>g.</summary>
    public double[] Gradient { get; } = new double[model.Dimension];

    /// <summary>u, a unit vector.</summary>
    public double[] Direction { get; } = new double[model.Dimension];

    /// <summary>grad S_perp = grad S - u (u . grad S).</summary>
    public double[] Steepening { get; } = new double[model.Dimension];

    /// <summary>
    /// About the length in which S changes by itself: the least over its derivatives at the reference point; the distance
    /// to the floor where it is constant. A power of two, so that another unit does not change a bit.
    /// </summary>
    private static double Length(LocalModel model)
    {
        double[] origin = new double[model.Dimension],
            axis = new double[model.Dimension],
            gradient = new double[model.Dimension];
        axis[0] = 1;
        model.CurvatureGradient(origin, axis, gradient);
        var sharpness = Math.Abs(model.Moment(2, origin.AsSpan(1)));
        var length = sharpness / TensorPrimitives.Norm<double>(gradient);
        for (var k = 4; k <= model.Order; k++)
            length = Math.Min(length, Math.Pow(sharpness / Math.Abs(model.Moment(k, origin.AsSpan(1))), 1.0 / (k - 2)));
        if (!double.IsFinite(length))
        {
            model.Gradient(origin, gradient);
            length = TensorPrimitives.Norm<double>(gradient) / sharpness;
        }

        return Math.ScaleB(1, Math.ILogB(length));
    }

    /// <summary>One step of descent and the projection.</summary>
    /// <returns>Whether the projection succeeded; the point is where it was otherwise.</returns>
    public bool Step()
    {
        Point.CopyTo(_before, 0);
        TensorPrimitives.MultiplyAdd(Gradient, -stepSize, Point, Point);
        if (Project())
            return true;
        _before.CopyTo(Point, 0);
        Look(out _, out _);
        return false;
    }

    /// <summary>
    /// Moves the point on the constraints: first along u alone, and where S exceeds the edge there along grad S_perp as
    /// well.
    /// </summary>
    public bool Project()
    {
        var edge = 2 / stepSize;
        var (active, allowed) = (false, double.PositiveInfinity);
        for (var i = 0; i < NewtonSteps; i++)
        {
            if (!Look(out var slope, out var sharpness))
                return false;
            // Both are sums whose terms are of the size of the gradient, of S times the point, and of S.
            var terms = TensorPrimitives.Norm<double>(Gradient) + (sharpness * TensorPrimitives.Norm<double>(Point));
            var settled = Math.Abs(slope) <= Tolerance * terms;
            if (settled && (active ? Math.Abs(sharpness - edge) : sharpness - edge) <= Tolerance * edge)
                return true;
            // The first step that looks at S may be longer than those along u alone.
            if (settled && !active)
                (active, allowed) = (true, double.PositiveInfinity);
            var length = NewtonStep(slope, sharpness - edge, active);
            if (!(length < allowed))
                return false;
            allowed = length;
        }

        return false;
    }

    /// <summary>
    /// Solves u . g = 0, and if active S = 2/eta too, by one Newton step along u and grad S_perp. The derivatives are
    /// differences: their relative error is the factor by which a step misses.
    /// </summary>
    /// <returns>The length of the step, NaN where there is none.</returns>
    private double NewtonStep(double slope, double excess, bool active)
    {
        double[] here = [.. Point],
            across = [.. Direction],
            along = [.. Steepening];
        if (!Differences(here, across, slope, excess, out var slopeAcross, out var excessAcross))
            return double.NaN;
        var (first, second) = (-slope / slopeAcross, 0.0);
        if (active)
        {
            // Without length there is no direction, and every number from here on is NaN.
            TensorPrimitives.Divide(along, TensorPrimitives.Norm<double>(along), along);
            if (!Differences(here, along, slope, excess, out var slopeAlong, out var excessAlong))
                return double.NaN;
            var determinant = (slopeAcross * excessAlong) - (slopeAlong * excessAcross);
            (first, second) = (
                ((slopeAlong * excess) - (excessAlong * slope)) / determinant,
                ((excessAcross * slope) - (slopeAcross * excess)) / determinant
            );
        }

        here.CopyTo(Point, 0);
        TensorPrimitives.MultiplyAdd(across, first, Point, Point);
        TensorPrimitives.MultiplyAdd(along, second, Point, Point);
        return double.Hypot(first, second);
    }

    private bool Differences(
        double[] here,
        double[] direction,
        double slope,
        double excess,
        out double slopeRate,
        out double excessRate
    )
    {
        TensorPrimitives.MultiplyAdd(direction, _width, here, Point);
        var finite = Look(out var moved, out var sharpness);
        (slopeRate, excessRate) = ((moved - slope) / _width, (sharpness - (2 / stepSize) - excess) / _width);
        return finite;
    }

    /// <summary>result := H v, without the entries that couple u and the floor when rotation is removed.</summary>
    /// <param name="vector">v.</param>
    /// <param name="result">Overwritten.</param>
    public void HessianVector(double[] vector, double[] result)
    {
        for (var i = 0; i < vector.Length; i++)
            result[i] = TensorPrimitives.Dot(_hessian.AsSpan(i * vector.Length, vector.Length), vector);
    }

    /// <summary>
    /// Evaluates everything at the point; slope is u . g, and u keeps its sign. False outside the finite numbers or where
    /// there is no valley.
    /// </summary>
    private bool Look(out double slope, out double sharpness)
    {
        (slope, sharpness) = (double.NaN, double.NaN);
        model.Gradient(Point, Gradient);
        model.Hessian(Point, _hessian);
        if (!Lead(out sharpness))
            return false;
        model.CurvatureGradient(Point, Direction, Steepening);
        TensorPrimitives.MultiplyAdd(
            Direction,
            -TensorPrimitives.Dot<double>(Direction, Steepening),
            Steepening,
            Steepening
        );
        slope = TensorPrimitives.Dot<double>(Direction, Gradient);
        return sharpness > 0 && double.IsFinite(slope);
    }

    /// <summary>u and S from the Hessian.</summary>
    private bool Lead(out double sharpness)
    {
        var n = model.Dimension;
        if (!rotation)
        {
            for (var i = 1; i < n; i++)
                _hessian[i] = _hessian[i * n] = 0;
            Direction[0] = 1;
            sharpness = _hessian[0];
            return true;
        }

        sharpness = double.NaN;
        if (SymmetricEigen.Of(_hessian, n) is not { } evd)
            return false;
        sharpness = evd.Values[n - 1];
        var overlap = 0.0;
        for (var i = 0; i < n; i++)
            overlap += Direction[i] * evd.Vectors[i, n - 1];
        for (var i = 0; i < n; i++)
            Direction[i] = overlap < 0 ? -evd.Vectors[i, n - 1] : evd.Vectors[i, n - 1];
        return true;
    }
}
