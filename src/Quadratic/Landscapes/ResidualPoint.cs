using System.Numerics.Tensors;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A sum of squares at one point.</summary>
internal sealed class ResidualPoint : LandscapePoint, IResidualPoint<double[]>, IGaussNewtonPoint<double[]>
{
    private readonly Landscape _landscape;
    private readonly IResidualLandscape _residuals;
    private readonly double[] _theta;

    public ResidualPoint(Landscape landscape, IResidualLandscape residuals, double[] theta)
        : base(landscape, theta)
    {
        (_landscape, _residuals, _theta) = (landscape, residuals, theta);
        Residuals = [.. Enumerable.Range(0, residuals.Outputs).Select(d => residuals.Residual(theta, d))];
    }

    public IReadOnlyList<double> Residuals { get; }

    public bool AreQuadratic => _residuals.HasQuadraticResiduals;

    public void ResidualGradient(int index, double[] result)
    {
        _landscape.Cost.Gradients++;
        _residuals.ResidualGradient(_theta, index, result);
    }

    /// <summary>J^T J direction.</summary>
    public void GaussNewtonVector(double[] direction, double[] result)
    {
        var row = new double[result.Length];
        Array.Clear(result);
        for (var d = 0; d < _residuals.Outputs; d++)
        {
            ResidualGradient(d, row);
            TensorPrimitives.MultiplyAdd(row, TensorPrimitives.Dot<double>(row, direction), result, result);
        }
    }

    public void ResidualHessianVector(int index, double[] direction, double[] result)
    {
        _landscape.Cost.HessianVectorProducts++;
        _residuals.ResidualHessianVector(_theta, index, direction, result);
    }
}
