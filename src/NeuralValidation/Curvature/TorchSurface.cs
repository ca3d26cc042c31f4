using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>A surface over tensors: <see cref="FunctionSurface"/> of a loss alone, <see cref="NetworkSurface"/> of outputs and loss over samples.</summary>
public abstract class TorchSurface : ISurface<Tensor>
{
    private readonly TensorSpace _space;

    private protected TorchSurface(IRoute route, ScalarType type, Device device, ParameterLayout? layout = null) =>
        (Route, _space) = (route, new TensorSpace(route.ParameterCount, type, device, layout));

    /// <inheritdoc/>
    public IVectorSpace<Tensor> Space => _space;

    /// <inheritdoc/>
    public CostLedger Cost { get; } = new();

    /// <inheritdoc/>
    public int MaximumOrder => 6;

    /// <summary>The factor l of a quadratic term (l/2) |theta|^2 over all parameters, eq. (7.6), at least 0 and finite:
    /// part of the loss and of all its derivatives, once whatever the chunks or minibatches, and of the Gauss-Newton
    /// matrix.</summary>
    public double L2
    {
        get;
        init => field = Require.NotNegative(Require.Finite(value, "l2"), "l2");
    }

    internal IRoute Route { get; }

    internal abstract SampleSet Samples { get; }

    /// <summary>Makes a parameter vector of the surface's precision and device.</summary>
    /// <param name="theta">The components.</param>
    /// <returns>The vector, to be released by the caller.</returns>
    public Tensor Parameters(double[] theta) => _space.Create(theta);

    /// <inheritdoc/>
    public double Loss(Tensor theta)
    {
        Check(theta);
        Cost.ForwardPasses++;
        using var scope = NewDisposeScope();
        var total = L2 == 0 ? zeros(1, ScalarType.Float64, theta.device) : QuadraticTerm(theta);
        for (var i = 0; i < Samples.Parts; i++)
        {
            using var inner = NewDisposeScope();
            total.Increase(Route.Loss(theta, Samples.Part(i)));
        }

        return total.item<double>();
    }

    /// <inheritdoc/>
    public double LossAndGradient(Tensor theta, Tensor gradient)
    {
        Check(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        Cost.Gradients++;
        return Sum(gradient, part => Route.LossAndGradient(theta, part), theta);
    }

    /// <inheritdoc cref="ISurface{TVector}.At"/>
    public NetworkPoint At(Tensor theta)
    {
        Check(theta);
        return new NetworkPoint(this, theta);
    }

    ISurfacePoint<Tensor> ISurface<Tensor>.At(Tensor theta) => At(theta);

    /// <summary>Throws unless theta has one component a parameter.</summary>
    private protected void Check(Tensor theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        Require.Length((int)theta.numel(), Route.ParameterCount, nameof(theta));
    }

    /// <summary>
    /// result := the sum of a vector over the parts in their order; returns the sum of the float64 scalars beside it, 0
    /// where there are none. The result is written at the end, so that it may be an operand. A GPU is waited for once,
    /// at the end, and only where there is a scalar. To the vector comes L2 times the one that the term of the loss's
    /// quadratic part is made of, theta where there is a scalar, which its own term is then added to.
    /// </summary>
    internal double Sum(
        Tensor result,
        Func<SamplePart, (Tensor? Scalar, Tensor Vector)> term,
        Tensor? regularised = null
    )
    {
        using var scope = NewDisposeScope();
        Tensor? total = null,
            sum = null;
        for (var i = 0; i < Samples.Parts; i++)
        {
            using var inner = NewDisposeScope();
            var (scalar, vector) = term(Samples.Part(i));
            if (scalar is not null)
                total = total is null ? scalar.clone().MoveToOuterDisposeScope() : total.Increase(scalar);
            sum = sum is null ? vector.MoveToOuterDisposeScope() : sum.Increase(vector);
        }

        if (L2 != 0 && regularised is not null)
        {
            sum = sum!.Increase(regularised.detach().Times(L2));
            total = total?.Increase(QuadraticTerm(regularised));
        }

        result.copy_(sum!);
        return total?.item<double>() ?? 0;
    }

    /// <summary>(l/2) |theta|^2, a float64 scalar.</summary>
    private protected Tensor QuadraticTerm(Tensor theta)
    {
        var wide = theta.detach().to(ScalarType.Float64);
        return wide.dot(wide).Times(L2 / 2);
    }
}
