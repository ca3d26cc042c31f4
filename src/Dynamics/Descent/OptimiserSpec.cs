using System.Globalization;
using System.Text.Json.Serialization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// An update rule of the catalogue with a value for each of its parameters and for no others: what records and the
/// command line state. Two that say the same are equal.
/// </summary>
[JsonConverter(typeof(OptimiserJson))]
public sealed record OptimiserSpec
{
    private readonly OptimiserEntry _entry;

    private OptimiserSpec(OptimiserEntry entry, IReadOnlyDictionary<string, string> given)
    {
        var written = new ParameterValues(entry, given);
        (_entry, Values) = (
            entry,
            new ParameterValues(entry, entry.Parameters.ToDictionary(p => p.Name, p => Canonical(p, written)))
        );
        // Whether values are within their ranges does not depend on the space, and the rule itself knows.
        using var rule = Create(new DenseSpace(1));
        Divides = rule.IsPreconditioned;
    }

    /// <summary>Gradient descent.</summary>
    public static OptimiserSpec GradientDescent { get; } = Of("gd");

    /// <summary>The rule's name.</summary>
    public string Name => _entry.Name;

    /// <summary>Its parameters, each number as the shortest text that reads back to it.</summary>
    public ParameterValues Values { get; }

    /// <summary>Whether its steps are divided by something, so that it has an effective sharpness.</summary>
    public bool Divides { get; }

    /// <summary>A rule with the defaults of its parameters.</summary>
    /// <param name="name">Its name in <see cref="OptimiserCatalogue"/>.</param>
    /// <exception cref="ArgumentException">There is no rule of that name.</exception>
    public static OptimiserSpec Of(string name) =>
        new(OptimiserCatalogue.All.Find(name), new Dictionary<string, string>());

    /// <summary>The rule with another value of a parameter.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="value">The value as written: a number, or on or off.</param>
    /// <exception cref="ArgumentException">The rule has no such parameter, or the value is outside its
    /// range.</exception>
    public OptimiserSpec With(string parameter, string value) =>
        new(_entry, new Dictionary<string, string>(Values.All) { [parameter] = value });

    /// <summary>The rule with another value of a parameter.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The rule has no such parameter, or the value is outside its
    /// range.</exception>
    public OptimiserSpec With(string parameter, double value) => With(parameter, Text(value));

    /// <summary>Makes the rule for one run.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the parameters.</param>
    /// <returns>The rule, to be disposed.</returns>
    public IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space)
    {
        var rule = _entry.Create(space, Values);
        if (Values.Number(OptimiserEntry.GradientClip.Name) is var bound and not 0)
            rule = new GradientClipping<TVector>(space, rule, bound);
        if (Values.Number(OptimiserEntry.SamRadius.Name) is var radius and not 0)
            rule = new SharpnessAware<TVector>(space, rule, radius);
        if (Values.Number(OptimiserEntry.WeightDecay.Name) is var decay and not 0)
            rule = new WeightDecay<TVector>(space, rule, decay);
        return rule;
    }

    /// <summary>Whether two say the same.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True where name and values are the same.</returns>
    public bool Equals(OptimiserSpec? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The rule and its parameters, for messages.</summary>
    public override string ToString() =>
        string.Join(
            ' ',
            _entry.Parameters.Where(IsStated).Select(p => $"{p.Name}={Values.Text(p.Name)}").Prepend(Name)
        );

    /// <summary>
    /// Whether messages and records state a parameter: all but those of every rule at their defaults, without which a
    /// rule is what it was before there were any.
    /// </summary>
    internal bool IsStated(Parameter parameter) =>
        !OptimiserEntry.OfEveryRule.Contains(parameter) || Values.Text(parameter.Name) != parameter.Default;

    private static string Canonical(Parameter parameter, ParameterValues written) =>
        parameter.IsSwitch
            ? written.Switch(parameter.Name)
                ? Parameter.On
                : Parameter.Off
            : Text(written.Number(parameter.Name));

    // A zero of either sign is the same rule.
    private static string Text(double value) => (value + 0.0).ToString("R", CultureInfo.InvariantCulture);
}
