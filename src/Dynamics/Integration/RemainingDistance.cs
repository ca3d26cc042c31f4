using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Integration;

/// <summary>
/// How far gradient flow still has to go, eq. (10.17), and the length and the rate that its start sets.
/// </summary>
internal sealed class RemainingDistance
{
    private readonly GradientFlowField _flow;
    private readonly double[] _gradient,
        _hessian;

    /// <summary>Measures at the start.</summary>
    public RemainingDistance(GradientFlowField flow, double[] start)
    {
        (_flow, _gradient, _hessian) = (flow, new double[start.Length], new double[start.Length * start.Length]);
        Measure(start);
        Start = Squares.Of(start).Root;
        // From the origin the minimum itself is a length; on a slope without curvature, or at rest there, nothing is,
        // and 1 has to do.
        Length =
            Start > 0 ? Magnitude.Largest(start)
            : Distance > 0 && double.IsFinite(Distance) ? Distance
            : 1;
        Rate =
            Curvature > 0 ? Curvature
            : GradientNorm > 0 ? GradientNorm / Length
            : 1;
    }

    /// <summary>|theta| at the start.</summary>
    public double Start { get; }

    /// <summary>A length of the problem, above 0.</summary>
    public double Length { get; }

    /// <summary>The rate of its fastest motion at the start, above 0.</summary>
    public double Rate { get; }

    /// <summary>|g| where it was measured last.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The distance that remained there; NaN where a derivative is not finite.</summary>
    public double Distance { get; private set; }

    /// <summary>The largest |lambda| there.</summary>
    private double Curvature { get; set; }

    public void Measure(double[] theta)
    {
        var n = theta.Length;
        _flow.Derivative(0, theta, _gradient);
        _flow.Jacobian(0, theta, [], _hessian);
        GradientNorm = Squares.Of(_gradient).Root;
        (Curvature, Distance) = (double.NaN, double.NaN);
        if (!double.IsFinite(GradientNorm) || !_hessian.All(double.IsFinite))
            return;
        // Products of a Hessian are symmetric up to rounding; the sign of the flow does not matter here.
        var matrix = Matrix<double>.Build.Dense(n, n, (i, j) => (_hessian[(i * n) + j] + _hessian[(j * n) + i]) / 2);
        var (values, vectors) = DenseEigen.Symmetric(matrix);
        Curvature = Math.Max(Math.Abs(values[0]), Math.Abs(values[n - 1]));
        var along = vectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(_gradient));
        for (var i = 0; i < n; i++)
            along[i] = Along(Math.Abs(along[i]), Math.Abs(values[i]), n, theta);
        Distance = Squares.Of(along.AsArray()).Root;
    }

    /// <summary>
    /// g_i / lambda_i; where lambda_i is rounding the direction is flat, or a slope if g_i is more than rounding.
    /// </summary>
    private double Along(double gradient, double curvature, int n, double[] theta)
    {
        var rounding = 8 * n * Math.ScaleB(Curvature, -53);
        if (curvature > rounding)
            return gradient / curvature;
        return gradient <= (rounding * Squares.Of(theta).Root) + (8 * n * Math.ScaleB(GradientNorm, -53))
            ? 0
            : double.PositiveInfinity;
    }
}
