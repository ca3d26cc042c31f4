using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>A fully connected network: tensors <c>layers.{i}.weight</c> [out, in] and <c>layers.{i}.bias</c> [out], i from 0.</summary>
public sealed class FullyConnectedNetwork : NetworkModel
{
    /// <summary>Describes the network.</summary>
    /// <param name="widths">Input width, hidden widths, output width: at least two, each at least 1.</param>
    /// <param name="activation">The nonlinearity of the hidden layers.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two widths, one below 1, or too many parameters.</exception>
    public FullyConnectedNetwork(IReadOnlyList<int> widths, Activation activation)
        : base(OutputsOf(widths))
    {
        ArgumentNullException.ThrowIfNull(activation);
        (Widths, Activation) = ([.. widths], activation);
        Lay(Layout, Widths);
    }

    /// <summary>Input width, hidden widths, output width.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>The nonlinearity of the hidden layers.</summary>
    public Activation Activation { get; }

    /// <inheritdoc/>
    /// <param name="inputs">[samples, input width].</param>
    public override void Check(Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (!is_floating_point(inputs) || inputs.dim() != 2 || inputs.shape[1] != Widths[0])
            throw new ArgumentException(
                $"a fully connected network of input width {Widths[0]} takes numbers [samples, {Widths[0]}]; these are {inputs.dtype} [{string.Join(", ", inputs.shape)}]."
            );
    }

    /// <summary>The tensors of a network of given widths.</summary>
    /// <param name="widths">Input width, hidden widths, output width: at least two, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two widths, one below 1, or too many parameters.</exception>
    public static ParameterLayout LayoutOf(IReadOnlyList<int> widths)
    {
        Architecture.CountParameters(widths);
        var layout = new ParameterLayout();
        Lay(layout, widths);
        return layout;
    }

    /// <summary>The output width of widths that are ones.</summary>
    private static int OutputsOf(IReadOnlyList<int> widths)
    {
        Architecture.CountParameters(widths);
        return widths[^1];
    }

    private static void Lay(ParameterLayout layout, IReadOnlyList<int> widths)
    {
        for (var layer = 0; layer + 1 < widths.Count; layer++)
            layout
                .Weight($"layers.{layer}.weight", [widths[layer + 1], widths[layer]])
                .Bias($"layers.{layer}.bias", widths[layer + 1]);
    }

    private protected override Tensor Outputs(ParameterViews parameters, Tensor inputs)
    {
        var a = inputs;
        for (var layer = 1; layer < Widths.Count; layer++)
        {
            var (weight, bias) = (parameters.Next(), parameters.Next());
            var z = addmm(bias, a, weight.t(), 1, 1);
            a = layer + 1 < Widths.Count ? Activation.Value(z) : z;
        }

        return a;
    }
}

/// <summary>The fully connected network of the catalogue.</summary>
internal sealed class FullyConnectedEntry()
    : NetworkEntry(
        Mlp,
        "fully connected layers; whatever the shape of a sample, its values go in as one row",
        new(
            NetworkChoice.WidthsParameter,
            "32,32,32",
            $"widths of the hidden layers, each at least 1, or '{NetworkChoice.NoWidths}' for a linear model"
        ),
        NonlinearityOf(Activation.Relu)
    )
{
    internal const string Mlp = "mlp";

    public override NetworkModel Build(ParameterValues values, SampleShape samples)
    {
        int[] hidden =
            values.Text(NetworkChoice.WidthsParameter) == NetworkChoice.NoWidths
                ? []
                : values.Sizes(NetworkChoice.WidthsParameter, Architecture.MostParameters);
        for (var i = 0; i < hidden.Length; i++)
            Require.InRange(hidden[i], 1, name: $"{NetworkChoice.WidthsParameter}[{i + 1}]");
        return new FullyConnectedNetwork([samples.Row(Name), .. hidden, samples.Outputs], Nonlinearity(values));
    }
}
