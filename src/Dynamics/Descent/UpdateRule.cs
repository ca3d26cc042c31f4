using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>How one step moves the parameters, given the gradient there.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IUpdateRule<TVector>
{
    /// <summary>The rule's name as it stands in records.</summary>
    string Name { get; }

    /// <summary>Moves theta by one step.</summary>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="gradient">The gradient at theta.</param>
    /// <param name="theta">The parameters, changed in place.</param>
    void Apply(IVectorSpace<TVector> space, double stepSize, TVector gradient, TVector theta);
}

/// <summary>Gradient descent, eq. (1.1): theta+ = theta - eta g(theta).</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class GradientDescent<TVector> : IUpdateRule<TVector>
{
    /// <inheritdoc/>
    public string Name => "gd";

    /// <inheritdoc/>
    public void Apply(IVectorSpace<TVector> space, double stepSize, TVector gradient, TVector theta)
    {
        ArgumentNullException.ThrowIfNull(space);
        space.Axpy(-stepSize, gradient, theta);
    }
}
