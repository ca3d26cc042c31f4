using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>A kind of network that can be built by name. It stands beside its network.</summary>
public abstract class NetworkEntry : INamed
{
    private protected NetworkEntry(string name, string summary, params IReadOnlyList<Parameter> parameters) =>
        (Name, Summary, Parameters) = (name, summary, parameters);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Builds the network for samples of a shape.</summary>
    /// <param name="values">Values of <see cref="Parameters"/>.</param>
    /// <param name="samples">The shape.</param>
    /// <exception cref="ArgumentException">A value is out of range, or the samples are of a kind that it does not take.</exception>
    public abstract NetworkModel Build(ParameterValues values, SampleShape samples);

    /// <summary>The nonlinearity by name.</summary>
    private protected static Parameter NonlinearityOf(Activation standard) =>
        new(
            NetworkChoice.ActivationParameter,
            standard.Name,
            $"the nonlinearity: {string.Join(", ", ActivationCatalogue.All.Names)}"
        );

    /// <summary>The nonlinearity that the values name.</summary>
    private protected static Activation Nonlinearity(ParameterValues values) =>
        ActivationCatalogue.All.Find(values.Text(NetworkChoice.ActivationParameter));
}

/// <summary>The networks by name.</summary>
public static class NetworkCatalogue
{
    /// <summary>All of them, the simplest first.</summary>
    public static Catalogue<NetworkEntry> All { get; } =
        new(
            "network",
            [
                new FullyConnectedEntry(),
                new ResidualPerceptronEntry(),
                new ConvolutionalEntry(),
                new ResidualEntry(),
                new TransformerEntry(),
            ]
        );
}
