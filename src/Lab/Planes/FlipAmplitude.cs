using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Lab.Planes;

/// <summary>
/// The two-cycle that the flip normal form, eq. (4.6), gives about the minimum that gradient flow reaches: along v_1
/// the amplitude is sqrt(eps / c), c with the share of the other eigenpairs, (eta / 2) sum_j (v_j . grad m_2)^2 /
/// lambda_j.
/// </summary>
internal sealed class FlipAmplitude
{
    // A direction counts as flat where its curvature is below this share of the sharpness, and as coupled to the
    // sharpness where it takes part in grad m_2 by more than this: both far above rounding.
    private const double Nothing = 1e-6;

    private readonly double _centre,
        _component,
        _coupling,
        _third,
        _fourth;

    private FlipAmplitude(
        double centre,
        double component,
        double sharpness,
        double third,
        double fourth,
        double coupling
    ) =>
        (_centre, _component, Sharpness, _third, _fourth, _coupling) = (
            centre,
            component,
            sharpness,
            third,
            fourth,
            coupling
        );

    /// <summary>The sharpness of the minimum: the flip is at 2 over it.</summary>
    public double Sharpness { get; }

    /// <summary>The amplitude at a minimum.</summary>
    /// <param name="landscape">The landscape.</param>
    /// <param name="start">Where gradient flow starts from.</param>
    /// <param name="coordinate">The coordinate that is drawn, from 0.</param>
    /// <returns>
    /// Null where there is no minimum, or where a flat direction takes part, along which it has no place of its own.
    /// </returns>
    public static FlipAmplitude? At(Landscape landscape, double[] start, int coordinate)
    {
        var end = GradientFlow.ToMinimum(landscape, start);
        if (!end.Converged || end.Sharpness <= 0)
            return null;
        var n = landscape.Dimension;
        var hessian = new double[n * n];
        landscape.Hessian(end.Minimum, hessian);
        // Smallest first.
        var (values, vectors) = DenseEigen.Symmetric(Matrix<double>.Build.Dense(n, n, hessian));
        double[] leading = [.. vectors.Column(n - 1)],
            moments = new double[4],
            gradient = new double[n];
        landscape.DirectionalDerivatives(end.Minimum, leading, moments);
        landscape.DirectionalGradient(end.Minimum, leading, 2, gradient);
        var slope = Vector<double>.Build.DenseOfArray(gradient);
        var coupling = 0.0;
        for (var j = 0; j < n - 1; j++)
        {
            var part = vectors.Column(j) * slope;
            if (Math.Abs(part) <= Nothing * slope.L2Norm())
                continue;
            if (values[j] <= Nothing * values[n - 1])
                return null;
            coupling += part * part / values[j];
        }

        return new(end.Minimum[coordinate], leading[coordinate], end.Sharpness, moments[2], moments[3], coupling);
    }

    /// <summary>The two values of the coordinate at a step size; NaN where there is no such cycle.</summary>
    public (double Low, double High) Cycle(double stepSize)
    {
        var c = FlipNormalForm.Coefficient(stepSize, _third, _fourth) + (stepSize / 2 * _coupling);
        var amplitude = Math.Abs(_component) * Math.Sqrt(((stepSize * Sharpness) - 2) / c);
        return (_centre - amplitude, _centre + amplitude);
    }
}
