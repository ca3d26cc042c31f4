using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>An update rule by name, as records and the command line state it.</summary>
public sealed record OptimiserSpec
{
    /// <summary>The names: gradient descent, Polyak's momentum, averaging momentum, RMSProp, Adam, Clipped-Ada, and the max rule that controls for it.</summary>
    public static IReadOnlyList<string> Names { get; } = ["gd", "momentum", "ema-momentum", "rmsprop", "adam", "clipped-ada", "max-ada"];

    /// <summary>One of <see cref="Names"/>.</summary>
    public string Name { get; init; } = "gd";

    /// <summary>b of momentum, b1 of Adam and its relatives, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>b2 of the adaptive rules, in [0, 1).</summary>
    public double SecondDecay { get; init; } = 0.99;

    /// <summary>eps of the adaptive rules, at least 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>c of Clipped-Ada and the max rule, above 0.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Whether the moments of adam, clipped-ada and max-ada are bias-corrected.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>Makes the rule for one run.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the parameters.</param>
    /// <returns>The rule, to be disposed.</returns>
    /// <exception cref="ArgumentException">The name is unknown or a constant is outside its range.</exception>
    public IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space) => Name switch
    {
        "gd" => new GradientDescent<TVector>(space),
        "momentum" => new Momentum<TVector>(space, Momentum),
        "ema-momentum" => new Momentum<TVector>(space, Momentum, averaging: true),
        "rmsprop" => new AdaptiveRule<TVector>(space, new(Name, 0, SecondDecay, Epsilon, BiasCorrection: false)),
        "adam" => new AdaptiveRule<TVector>(space, new(Name, Momentum, SecondDecay, Epsilon, BiasCorrection)),
        "clipped-ada" => new AdaptiveRule<TVector>(space, new(Name, Momentum, SecondDecay, Epsilon, BiasCorrection, Ceiling: Require.Positive(Clip, "clip"))),
        "max-ada" => new AdaptiveRule<TVector>(space, new(Name, Momentum, SecondDecay, Epsilon, BiasCorrection, Floor: Require.Positive(Clip, "clip"))),
        _ => throw new ArgumentException($"There is no optimiser '{Name}'; there are: {string.Join(", ", Names)}."),
    };
}
