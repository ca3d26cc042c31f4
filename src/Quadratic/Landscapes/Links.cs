using FlatBias.Dynamics;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A link z: R -> R of a two-parameter network. Implement it as a struct, so that the network is compiled for it.</summary>
public interface ILink
{
    /// <summary>The link's name.</summary>
    string Name { get; }

    /// <summary>derivatives[k] := z^(k)(x) for k = 0 .. derivatives.Length - 1, at most 8 numbers.</summary>
    /// <param name="x">The argument Theta.</param>
    /// <param name="derivatives">Overwritten.</param>
    void Derivatives(double x, Span<double> derivatives);

    /// <summary>z'(x), all that a step of descent needs.</summary>
    /// <param name="x">The argument Theta.</param>
    double Slope(double x);
}

/// <summary>A link that may be half the square of a multiple of Theta - y.</summary>
public interface IResidualLink : ILink
{
    /// <summary>The factor a and the target y of z = 1/2 (a (Theta - y))^2, or null where z is no such square.</summary>
    (double Scale, double Target)? Square { get; }
}

/// <summary>z = c Theta^m, the power of eq. (3.5).</summary>
public readonly struct PowerLink : IResidualLink
{
    /// <summary>Makes the link.</summary>
    /// <param name="exponent">m, at least 2.</param>
    /// <param name="coefficient">c, finite and above 0.</param>
    public PowerLink(int exponent, double coefficient = 1) =>
        (Exponent, Coefficient) = (Require.InRange(exponent, 2, 64), Require.Positive(coefficient));

    /// <summary>m.</summary>
    public int Exponent { get; }

    /// <summary>c.</summary>
    public double Coefficient { get; }

    /// <inheritdoc/>
    public string Name => "power";

    /// <inheritdoc/>
    public (double Scale, double Target)? Square => Exponent == 2 ? (Math.Sqrt(2 * Coefficient), 0) : null;

    /// <inheritdoc/>
    public void Derivatives(double x, Span<double> derivatives)
    {
        var factor = Coefficient;
        for (var k = 0; k < derivatives.Length; k++)
        {
            derivatives[k] = k <= Exponent ? factor * Power(x, Exponent - k) : 0;
            factor *= Exponent - k;
        }
    }

    /// <inheritdoc/>
    public double Slope(double x) =>
        Exponent == 2 ? 2 * Coefficient * x : Coefficient * Exponent * Power(x, Exponent - 1);

    private static double Power(double x, int n)
    {
        var result = 1.0;
        for (; n > 0; n >>= 1, x *= x)
            if ((n & 1) == 1)
                result *= x;
        return result;
    }
}

/// <summary>z = (Theta - y)^2 / 2, the squared error of a scalar two-layer linear network with target y.</summary>
public readonly struct SquaredErrorLink : IResidualLink
{
    /// <summary>Makes the link.</summary>
    /// <param name="target">y, finite.</param>
    public SquaredErrorLink(double target) => Target = Require.Finite(target);

    /// <summary>y.</summary>
    public double Target { get; }

    /// <inheritdoc/>
    public string Name => "squared-error";

    /// <inheritdoc/>
    public (double Scale, double Target)? Square => (1, Target);

    /// <inheritdoc/>
    public double Slope(double x) => x - Target;

    /// <inheritdoc/>
    public void Derivatives(double x, Span<double> derivatives)
    {
        derivatives.Clear();
        var error = x - Target;
        derivatives[0] = error * error / 2;
        if (derivatives.Length > 1)
            derivatives[1] = error;
        if (derivatives.Length > 2)
            derivatives[2] = 1;
    }
}
