using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A loss written once over a generic number type. Implement it as a struct; <see cref="FormulaLandscape{TLoss}"/> makes a landscape of it.</summary>
public interface ILossFunction
{
    /// <summary>L(theta).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="theta">The point.</param>
    T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>;
}

/// <summary>A loss with its gradient in closed form, both over a generic number type; <see cref="ModelLandscape{TModel}"/> derives the rest.</summary>
public interface IModel : ILossFunction
{
    /// <summary>The gradient at theta.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="theta">The point.</param>
    /// <param name="gradient">Overwritten, as long as theta.</param>
    void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
        where T : struct, IReal<T>;
}
