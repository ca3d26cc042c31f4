using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Fills derivatives[k] := z^(k)(x) for k = 0 .. derivatives.Length - 1, at most 8 numbers.</summary>
/// <param name="x">The argument Theta.</param>
/// <param name="derivatives">Overwritten.</param>
public delegate void LinkDerivatives(double x, Span<double> derivatives);

/// <summary>A link of the user's own: either a formula for z, whose derivatives then follow by Taylor arithmetic, or a method that gives them all. Defined wherever that is.</summary>
public readonly struct CustomLink : ILink
{
    private readonly LinkDerivatives _derivatives;

    /// <summary>Makes a link from its derivatives.</summary>
    /// <param name="name">The link's name.</param>
    /// <param name="derivatives">Gives z and its derivatives.</param>
    public CustomLink(string name, LinkDerivatives derivatives)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(derivatives);
        (Name, _derivatives) = (name, derivatives);
    }

    /// <summary>Makes a link from its formula, for example <c>x => 0.25 * x * x * x * x</c>.</summary>
    /// <param name="name">The link's name.</param>
    /// <param name="formula">z over power series with a derivative; smooth where it is evaluated.</param>
    public CustomLink(string name, Func<Dual<Taylor>, Dual<Taylor>> formula)
        : this(name, FromFormula(formula)) { }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public double Slope(double x)
    {
        Span<double> z = stackalloc double[2];
        Derivatives(x, z);
        return z[1];
    }

    /// <inheritdoc/>
    public void Derivatives(double x, Span<double> derivatives) => _derivatives(x, derivatives);

    private static LinkDerivatives FromFormula(Func<Dual<Taylor>, Dual<Taylor>> formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        return (x, derivatives) =>
        {
            // z(x + t) has z^(k)/k! at t^k, and its derivative by x has z^(k+1)/k!: one order more than the series alone.
            var z = formula(new(Taylor.Line(x, 1), 1.0));
            derivatives[0] = z.Value[0];
            var factorial = 1.0;
            for (var k = 1; k < derivatives.Length; k++)
            {
                derivatives[k] = factorial * z.Slope[k - 1];
                factorial *= k;
            }
        };
    }
}
