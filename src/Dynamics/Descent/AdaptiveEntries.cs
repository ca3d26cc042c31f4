using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>RMSProp by name.</summary>
internal sealed class RmsPropEntry() : OptimiserEntry("rmsprop", "RMSProp, (7.1)", SecondDecay, Epsilon)
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new AdaptiveRule<TVector>(
            space,
            new(Name, 0, values.Number(SecondDecay.Name), values.Number(Epsilon.Name), BiasCorrection: false)
        );
}

/// <summary>A rule with both moments, by name: Adam, and what a clamp of the roots makes of it.</summary>
internal abstract class BothMomentsEntry(string name, string summary, params IReadOnlyList<Parameter> clamp)
    : OptimiserEntry(name, summary, [Momentum, SecondDecay, Epsilon, .. clamp, BiasCorrection])
{
    protected AdaptiveConstants Constants(ParameterValues values) =>
        new(
            Name,
            values.Number(Momentum.Name),
            values.Number(SecondDecay.Name),
            values.Number(Epsilon.Name),
            values.Switch(BiasCorrection.Name)
        );

    protected static double Clamp(ParameterValues values) => Require.Positive(values.Number(Clip.Name), Clip.Name);
}

/// <summary>Adam by name.</summary>
internal sealed class AdamEntry() : BothMomentsEntry("adam", "Adam, (7.1)")
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new AdaptiveRule<TVector>(space, Constants(values));
}

/// <summary>AMSGrad by name.</summary>
internal sealed class AmsGradEntry() : BothMomentsEntry("amsgrad", "Adam divided by the greatest root so far, (7.8)")
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new AdaptiveRule<TVector>(space, Constants(values) with { Greatest = true });
}

/// <summary>Sign descent by name.</summary>
internal sealed class SignDescentEntry() : OptimiserEntry("sign", "sign descent, (7.9)")
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new AdaptiveRule<TVector>(space, new(Name, 0, 0, 0, BiasCorrection: false));
}

/// <summary>Clipped-Ada by name.</summary>
internal sealed class ClippedAdaEntry()
    : BothMomentsEntry("clipped-ada", "Adam whose roots have a ceiling, (7.2)", Clip)
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new AdaptiveRule<TVector>(space, Constants(values) with { Ceiling = Clamp(values) });
}

/// <summary>The max rule by name.</summary>
internal sealed class MaxAdaEntry()
    : BothMomentsEntry("max-ada", "Adam whose roots have a floor, (7.2): the control of clipped-ada", Clip)
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new AdaptiveRule<TVector>(space, Constants(values) with { Floor = Clamp(values) });
}
