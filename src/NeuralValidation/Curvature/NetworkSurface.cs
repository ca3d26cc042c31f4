using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// The mean loss of a network over fixed samples, as a surface over its flat parameter vector: of a fully connected one (<see cref="NetworkSurface(Architecture, float[], int[], ScalarType, Device, int?)"/>),
/// of any function of parameters and inputs, or of any torch module.
/// Gradients come from reverse mode; Hessian products and directional derivatives from nested reverse mode too, or for a fully connected network from a linearisation and a Taylor-mode pass written by hand, several times cheaper:
/// <see cref="Disagreement"/> then holds the second against the first. With a chunk, every full-batch quantity is a sum over chunks of samples in their order,
/// so that memory does not grow with the data: the numbers then differ from those without by rounding only, and are the same bits from run to run.
/// </summary>
public sealed partial class NetworkSurface : TorchSurface, IStochasticSurface<Tensor>, IDisposable
{
    /// <summary>Why a network with batch statistics has neither chunks nor minibatches nor gradients of samples.</summary>
    internal const string TiedSamples =
        "with batch normalisation a sample's outputs depend on the other samples, so that only the full batch has a loss: leave it out, or normalise otherwise.";

    private readonly ReverseRoute? _second;
    private readonly Func<Tensor, Tensor, Tensor>? _right;
    private readonly bool _tied;
    private readonly ScalarType _type;
    private readonly Device _device;

    /// <summary>Binds a fully connected network to data.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="inputs">Inputs, samples x input width, row by row.</param>
    /// <param name="labels">One class a sample, from 0 to output width - 1; 0 or 1 for one output under the logistic
    /// loss.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="chunk">The most samples to pass through the network at once, at least 1; null for all.</param>
    /// <exception cref="ArgumentException">Sizes do not agree, or a label or the chunk is out of range.</exception>
    public NetworkSurface(
        Architecture architecture,
        float[] inputs,
        int[] labels,
        ScalarType type,
        Device device,
        int? chunk = null
    )
        : this(
            architecture,
            () =>
                tensor(
                    SampleSet.Checked(architecture, inputs, labels, chunk),
                    [labels.Length, architecture.Widths[0]],
                    type,
                    device
                ),
            labels,
            type,
            device,
            chunk
        ) { }

    /// <summary>Binds a fully connected network to data in float64.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="inputs">Inputs, samples x input width, row by row.</param>
    /// <param name="labels">One class a sample.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="chunk">The most samples to pass through the network at once, at least 1; null for all.</param>
    public NetworkSurface(
        Architecture architecture,
        double[] inputs,
        int[] labels,
        ScalarType type,
        Device device,
        int? chunk = null
    )
        : this(
            architecture,
            () =>
                tensor(
                    SampleSet.Checked(architecture, inputs, labels, chunk),
                    [labels.Length, architecture.Widths[0]],
                    type,
                    device
                ),
            labels,
            type,
            device,
            chunk
        ) { }

    /// <summary>Binds a network to samples. A fully connected one takes their values in one row each and has the fast routes; all others have the default one.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss of its outputs, for sequences at each position, against classes or tokens one-hot, or numbers.</param>
    /// <param name="samples">The samples, at least one.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="chunk">The most samples to pass through the network at once, at least 1; null for all.</param>
    /// <exception cref="ArgumentException">The samples do not fit the network or the loss, or there is a chunk where samples are tied together.</exception>
    public NetworkSurface(
        NetworkModel network,
        NetworkLoss loss,
        LabelledSamples samples,
        ScalarType type,
        Device device,
        int? chunk = null
    )
        : this(
            RouteOf(network, loss, chunk),
            SampleSet.Of(network, loss, samples, type, device, chunk),
            type,
            device,
            network.Layout
        )
    {
        _second = (Route as FullyConnectedRoute)?.Reverse();
        _tied = network.TiesSamples;
        if (samples.Kind != TargetKind.Numbers)
            _right = loss.Right;
    }

    /// <summary>Makes a surface of outputs and loss, both any functions that torch can differentiate twice (for Hessian products; k + 1 times for directional derivatives of order k with their gradients).</summary>
    /// <param name="parameters">P, the number of components of theta.</param>
    /// <param name="outputs">Outputs of theta [P] and inputs [samples, ...]: [samples, ...]. It must not keep a sample's outputs from being those of its own inputs where chunks or minibatches are used.</param>
    /// <param name="loss">The mean loss of outputs and targets, one number; see <see cref="SampleLosses"/>.</param>
    /// <param name="inputs">[samples, ...], copied. Computing happens on its device.</param>
    /// <param name="targets">[samples, ...] of any type, copied.</param>
    /// <param name="type">Float32 or Float64: the precision of theta, and of inputs that are not whole numbers.</param>
    /// <param name="chunk">The most samples to pass through at once, at least 1; null for all.</param>
    /// <exception cref="ArgumentException">Inputs and targets are not of the same number of samples, or on different devices, or inputs of another precision; or a number is out of range.</exception>
    public NetworkSurface(
        int parameters,
        Func<Tensor, Tensor, Tensor> outputs,
        Func<Tensor, Tensor, Tensor> loss,
        Tensor inputs,
        Tensor targets,
        ScalarType type = ScalarType.Float32,
        int? chunk = null
    )
        : this(
            new FlatFunction(
                Require.InRange(parameters, 1),
                outputs ?? throw new ArgumentNullException(nameof(outputs))
            ),
            loss,
            inputs,
            targets,
            type,
            chunk
        ) { }

    /// <summary>
    /// Makes a surface of a torch module: theta is all its parameters that require a gradient, one after the other as <c>named_parameters</c> lists them. The module is evaluated as it is, and holds the parameters of the last evaluation afterwards:
    /// <see cref="ModuleParameters"/> reads and writes them. Batch statistics tie the samples together: leave out chunk and minibatches with them.
    /// </summary>
    /// <param name="module">The module; what it draws at random must be switched off (<c>eval()</c>).</param>
    /// <param name="loss">The mean loss of outputs and targets, one number; see <see cref="SampleLosses"/>.</param>
    /// <param name="inputs">[samples, ...], copied; on the module's device.</param>
    /// <param name="targets">[samples, ...] of any type, copied.</param>
    /// <param name="chunk">The most samples to pass through at once, at least 1; null for all.</param>
    /// <exception cref="ArgumentException">The module has no parameters to train, shares one, holds them in several precisions or on several devices, or has buffers that change as it runs; or samples do not fit, as above.</exception>
    public NetworkSurface(
        nn.Module<Tensor, Tensor> module,
        Func<Tensor, Tensor, Tensor> loss,
        Tensor inputs,
        Tensor targets,
        int? chunk = null
    )
        : this(
            new ModuleFunction(module),
            loss,
            inputs,
            targets,
            ModuleFunction.Type(module),
            chunk,
            ModuleParameters.Layout(module)
        ) { }

    private NetworkSurface(
        Architecture architecture,
        Func<Tensor> inputs,
        int[] labels,
        ScalarType type,
        Device device,
        int? chunk
    )
        : this(
            new FullyConnectedRoute(architecture),
            SampleSet.Classified(inputs(), labels, architecture, chunk),
            type,
            device,
            architecture.Layout
        )
    {
        _second = new FullyConnectedRoute(architecture).Reverse();
        _right = architecture.Loss.Right;
    }

    private NetworkSurface(
        ITorchFunction function,
        Func<Tensor, Tensor, Tensor> loss,
        Tensor inputs,
        Tensor targets,
        ScalarType type,
        int? chunk,
        ParameterLayout? layout = null
    )
        : this(
            new ReverseRoute(function, loss ?? throw new ArgumentNullException(nameof(loss))),
            SampleSet.Of(inputs, targets, type, chunk),
            type,
            inputs.device,
            layout
        )
    {
        if (targets.dtype == ScalarType.Int64)
            _right = (outputs, classes) => outputs.argmax(-1).eq(classes);
    }

    private NetworkSurface(
        IRoute route,
        SampleSet samples,
        ScalarType type,
        Device device,
        ParameterLayout? layout = null
    )
        : base(route, type, device, layout) => (Samples, _type, _device) = (samples, type, device);

    int IStochasticSurface<Tensor>.Samples => Samples.Count;

    /// <summary>Whether accuracy is defined: targets are classes, whole numbers of 64 bits.</summary>
    public bool HasClasses => _right is not null;

    internal override SampleSet Samples { get; }

    /// <summary>
    /// How far the two routes to the curvature of a fully connected network differ at a point: those written by hand (linearisation, Taylor mode) against nested reverse mode, the default of all other surfaces. Expect some hundred roundoffs of the precision in use;
    /// much more says that the numbers cannot be believed there. The ledger books both routes.
    /// </summary>
    /// <param name="theta">The parameters.</param>
    /// <param name="direction">The direction v, not zero.</param>
    /// <exception cref="InvalidOperationException">There is but one route.</exception>
    public RouteDisagreement Disagreement(Tensor theta, Tensor direction) =>
        RouteDisagreement.Measure(
            this,
            _second
                ?? throw new InvalidOperationException(
                    "Only a fully connected network has a second route; hold this one against differences of its gradient in float64."
                ),
            theta,
            direction
        );

    /// <inheritdoc/>
    public void Dispose() => Samples.Dispose();

    private static IRoute RouteOf(NetworkModel network, NetworkLoss loss, int? chunk)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        if (network.TiesSamples && chunk is not null)
            throw new ArgumentException($"chunk is {chunk}; {TiedSamples}");
        return network is FullyConnectedNetwork { Widths: var widths, Activation: var activation }
            ? new FullyConnectedRoute(new Architecture(widths, activation, loss))
            : new ReverseRoute(new ModelFunction(network), Mean);

        // The positions of a sequence count as samples.
        Tensor Mean(Tensor outputs, Tensor targets) => loss.Mean(Rows(outputs), Rows(targets));

        static Tensor Rows(Tensor x) => x.dim() == 2 ? x : x.flatten(0, -2);
    }
}
