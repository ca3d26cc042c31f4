using System.Globalization;
using System.Text.Json.Serialization;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>A network of the catalogue with a value for each of its parameters and for no others. Two that say the same are equal.</summary>
[JsonConverter(typeof(NetworkChoiceJson))]
public sealed record NetworkChoice
{
    internal const string WidthsParameter = "widths",
        ActivationParameter = "activation",
        NoWidths = "none";

    private readonly NetworkEntry _entry;

    /// <summary>Takes values by name; the rest take their defaults. Whether they are within their ranges depends on the samples, and shows in <see cref="Build"/>.</summary>
    /// <param name="name">The network's name in <see cref="NetworkCatalogue"/>.</param>
    /// <param name="parameters">Values as written.</param>
    /// <exception cref="ArgumentException">There is no such network, or it has no such parameter.</exception>
    public NetworkChoice(string name, IReadOnlyDictionary<string, string> parameters)
    {
        _entry = NetworkCatalogue.All.Find(name);
        Values = new ParameterValues(_entry, parameters);
    }

    /// <summary>The network's name.</summary>
    public string Name => _entry.Name;

    /// <summary>Its parameters as written.</summary>
    public ParameterValues Values { get; }

    /// <summary>A network with the defaults of its parameters.</summary>
    /// <param name="name">Its name in <see cref="NetworkCatalogue"/>.</param>
    /// <exception cref="ArgumentException">There is no network of that name.</exception>
    public static NetworkChoice Of(string name) => new(name, new Dictionary<string, string>());

    /// <summary>A fully connected network.</summary>
    /// <param name="widths">The widths of the hidden layers; none for a linear model.</param>
    /// <param name="activation">The nonlinearity after each.</param>
    public static NetworkChoice FullyConnected(IReadOnlyList<int> widths, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentNullException.ThrowIfNull(activation);
        var text = string.Join(',', widths.Select(w => w.ToString(CultureInfo.InvariantCulture)));
        return Of(FullyConnectedEntry.Mlp)
            .With(WidthsParameter, widths.Count == 0 ? NoWidths : text)
            .With(ActivationParameter, activation.Name);
    }

    /// <summary>The network with another value of a parameter.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="value">The value as written.</param>
    /// <exception cref="ArgumentException">The network has no such parameter.</exception>
    public NetworkChoice With(string parameter, string value) =>
        new(Name, new Dictionary<string, string>(Values.All) { [parameter] = value });

    /// <summary>Builds the network for samples of a shape.</summary>
    /// <param name="samples">The shape.</param>
    /// <exception cref="ArgumentException">A value is out of range, or the samples are of a kind that the network does not take.</exception>
    public NetworkModel Build(SampleShape samples) => _entry.Build(Values, samples);

    /// <summary>Whether two say the same.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True where name and values are the same.</returns>
    public bool Equals(NetworkChoice? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The network and its parameters, for messages.</summary>
    public override string ToString() =>
        string.Join(' ', _entry.Parameters.Select(p => $"{p.Name}={Values.Text(p.Name)}").Prepend(Name));
}

internal sealed class NetworkChoiceJson() : ChoiceConverter<NetworkChoice>("network")
{
    protected override NetworkChoice Of(string name) => NetworkChoice.Of(name);

    protected override NetworkChoice With(NetworkChoice choice, string parameter, string value) =>
        choice.With(parameter, value);

    protected override (INamed Entry, ParameterValues Values) Parts(NetworkChoice choice) =>
        (NetworkCatalogue.All.Find(choice.Name), choice.Values);
}
