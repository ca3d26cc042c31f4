using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Training;

/// <summary>The leading Hessian eigenpair followed from step to step, with displacement and rotation relative to a reference point.</summary>
internal sealed class LeadingPair : IDisposable
{
    private readonly NetworkSurface _surface;
    private readonly LanczosEigensolver<Tensor> _solver;
    private readonly EigenFrame<Tensor> _frame;
    private readonly Tensor _start, _direction, _origin, _work;
    private readonly Random _random;
    private bool _warm;

    public LeadingPair(NetworkSurface surface, int seed)
    {
        _surface = surface;
        // Tight enough that the sharpness is good to six digits (its error is the residual squared over the gap) and the angle to 1e-4 over the relative gap.
        _solver = new LanczosEigensolver<Tensor>(surface.Space, new LanczosOptions(1e-4, Trailing: false));
        _frame = new EigenFrame<Tensor>(surface.Space, 1);
        (_start, _direction, _origin, _work) = (surface.Space.Create(), surface.Space.Create(), surface.Space.Create(), surface.Space.Create());
        _random = new Random(seed);
    }

    /// <summary>The loss at the last point measured.</summary>
    public double Loss { get; private set; }

    /// <summary>The sharpness at a point, and |g . v_1| / S: how far it is from the floor along v_1.</summary>
    public (double Sharpness, double Excursion) Measure(Tensor theta)
    {
        using var point = _surface.At(theta);
        Loss = point.Loss;
        if (_warm) _surface.Space.Copy(_frame.Vectors[0], _start);
        else _surface.Space.FillGaussian(_start, _random);
        _solver.Solve(point.HessianVector, _start, _random, _frame);
        _warm = true;
        return (_frame.Values[0], Math.Abs(_surface.Space.Dot(point.Gradient, _frame.Vectors[0])) / _frame.Values[0]);
    }

    /// <summary>Makes this point and its v_1 the reference; v_1 as in the last measurement, which must have been made here.</summary>
    public void SetReference(Tensor theta)
    {
        _surface.Space.Copy(theta, _origin);
        _surface.Space.Copy(_frame.Vectors[0], _direction);
    }

    /// <summary>v . (theta - theta_0), up to the sign of v.</summary>
    public double Displacement(Tensor theta)
    {
        _surface.Space.Copy(theta, _work);
        _surface.Space.Axpy(-1, _origin, _work);
        return _surface.Space.Dot(_direction, _work);
    }

    /// <summary>The angle in radians between v_1 of the last measurement and that of the reference.</summary>
    public double Rotation()
    {
        var cosine = _surface.Space.Dot(_direction, _frame.Vectors[0]);
        _surface.Space.Copy(_frame.Vectors[0], _work);
        _surface.Space.Axpy(-cosine, _direction, _work);
        return Math.Atan2(Math.Sqrt(_surface.Space.Dot(_work, _work)), Math.Abs(cosine));
    }

    public void Dispose()
    {
        _solver.Dispose();
        _frame.Dispose();
        foreach (var vector in new[] { _start, _direction, _origin, _work }) _surface.Space.Release(vector);
    }
}
