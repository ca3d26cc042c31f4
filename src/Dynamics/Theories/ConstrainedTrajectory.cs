using System.Numerics.Tensors;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Gradient descent on a local model, projected after each step on S &lt;= 2/eta and u . g = 0: the constrained trajectory of (6.2), with what the theory needs of its present point. The projection is Newton's
/// method in span{u, grad S_perp}.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="stepSize">The step size eta.</param>
/// <param name="rotation">Whether u is the leading eigenvector of each point, or the axis of u of the model.</param>
internal sealed class ConstrainedTrajectory(LocalModel model, double stepSize, bool rotation)
{
    private const int NewtonSteps = 30;

    // The edge is met to this relative error. S is a smooth function of numbers with relative errors of a few roundings times the dimension.
    private const double Tolerance = 1e-12;

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

    /// <summary>One step of descent and the projection.</summary>
    /// <returns>Whether the projection succeeded; the point is where it was otherwise.</returns>
    public bool Step()
    {
        Point.CopyTo(_before, 0);
        TensorPrimitives.MultiplyAdd(Gradient, -stepSize, Point, Point);
        if (Project()) return true;
        _before.CopyTo(Point, 0);
        Look(out _, out _);
        return false;
    }

    /// <summary>Moves the point on the constraints.</summary>
    /// <returns>Whether that was possible.</returns>
    public bool Project()
    {
        var edge = 2 / stepSize;
        for (var i = 0; i < NewtonSteps; i++)
        {
            if (!Look(out var sharpness, out var along)) return false;
            var slope = TensorPrimitives.Dot<double>(Direction, Gradient);
            var excess = Math.Max(0, sharpness - edge);
            // The slope across is a difference of terms of the size of the gradient, and small against what moves u by its own rounding.
            if (excess <= Tolerance * edge && Math.Abs(slope) <= Tolerance * (TensorPrimitives.Norm<double>(Gradient) + sharpness)) return true;
            var across = -slope / sharpness;
            var squared = TensorPrimitives.SumOfSquares<double>(Steepening);
            TensorPrimitives.MultiplyAdd(Direction, across, Point, Point);
            if (excess > 0) TensorPrimitives.MultiplyAdd(Steepening, -(excess + (along * across)) / squared, Point, Point);
        }

        return false;
    }

    /// <summary>result := H v, without the entries that couple u and the floor when rotation is removed.</summary>
    /// <param name="vector">v.</param>
    /// <param name="result">Overwritten.</param>
    public void HessianVector(double[] vector, double[] result)
    {
        for (var i = 0; i < vector.Length; i++) result[i] = TensorPrimitives.Dot(_hessian.AsSpan(i * vector.Length, vector.Length), vector);
    }

    /// <summary>Evaluates everything at the point; along is u . grad S. False outside the finite numbers or where there is no valley.</summary>
    private bool Look(out double sharpness, out double along)
    {
        var n = model.Dimension;
        (sharpness, along) = (double.NaN, double.NaN);
        model.Gradient(Point, Gradient);
        model.Hessian(Point, _hessian);
        if (rotation)
        {
            if (SymmetricEigen.Of(_hessian, n) is not { } evd) return false;
            for (var i = 0; i < n; i++) Direction[i] = evd.EigenVectors[i, n - 1];
            sharpness = evd.EigenValues[n - 1].Real;
        }
        else
        {
            for (var i = 1; i < n; i++) _hessian[i] = _hessian[i * n] = 0;
            Direction[0] = 1;
            sharpness = _hessian[0];
        }

        model.CurvatureGradient(Point, Direction, Steepening);
        along = TensorPrimitives.Dot<double>(Direction, Steepening);
        TensorPrimitives.MultiplyAdd(Direction, -along, Steepening, Steepening);
        return sharpness > 0;
    }
}
