using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// An update rule that can be made by name. It stands beside its rule, because only a class can be generic in what it
/// makes.
/// </summary>
public abstract class OptimiserEntry : INamed
{
    // A parameter that several rules have is one option of the command line.
    internal static readonly Parameter Momentum =
            new("momentum", "0.9", "b, the decay of momentum; b1 where there is a b2; from 0 to below 1"),
        SecondDecay = new("second-decay", "0.99", "b2, the decay of the mean of squares, from 0 to below 1"),
        Epsilon = new("epsilon", "1e-8", "eps, added to what divides, at least 0"),
        Clip = new("clip", "1", "c, the bound of the roots, above 0"),
        BiasCorrection = new("bias-correction", Parameter.On, "the correction of both moments for their start at 0"),
        WeightDecay = new("weight-decay", "0", "w of decoupled weight decay, (7.5), at least 0"),
        GradientClip = new("gradient-clip", "0", "c, the largest norm of a gradient, (7.10); 0 clips none"),
        SamRadius =
            new(
                "sam-radius",
                "0",
                "rho, how far uphill sharpness-aware minimisation takes the gradient, (7.11); 0 takes it at the point"
            );

    // Whose defaults leave a rule as it was before there was any.
    internal static readonly Parameter[] OfEveryRule = [WeightDecay, GradientClip, SamRadius];

    /// <summary>Names the rule; parameters of one name are the same whatever the rule, and weight decay,
    /// clipping and the radius of sharpness-aware minimisation are those of every rule.</summary>
    private protected OptimiserEntry(string name, string summary, params IReadOnlyList<Parameter> parameters) =>
        (Name, Summary, Parameters) = (name, summary, [.. parameters, .. OfEveryRule]);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Makes the rule for one run, without what every rule may have.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="values">Values of <see cref="Parameters"/>.</param>
    /// <returns>The rule, to be disposed.</returns>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public abstract IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values);
}

/// <summary>The update rules, by name.</summary>
public static class OptimiserCatalogue
{
    /// <summary>All of them, the simplest first.</summary>
    public static Catalogue<OptimiserEntry> All { get; } =
        new(
            "optimiser",
            [
                new GradientDescentEntry(),
                new MomentumEntry(averaging: false),
                new MomentumEntry(averaging: true),
                new NesterovEntry(),
                new NormalisedDescentEntry(),
                new SignDescentEntry(),
                new SpectralDescentEntry(),
                new RmsPropEntry(),
                new AdamEntry(),
                new AmsGradEntry(),
                new ClippedAdaEntry(),
                new MaxAdaEntry(),
            ]
        );

    /// <summary>The parameters that one rule or another has, each once.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } =
    [.. All.SelectMany(entry => entry.Parameters).Distinct()];
}
