using System.Diagnostics;
using System.Globalization;
using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Verification;

/// <summary>What a check has found.</summary>
/// <param name="Wrong">Quantities that differ by more than rounding explains, or runs that could not be taken up
/// exactly.</param>
/// <param name="Varying">Quantities that have other bits when they are computed again on the device.</param>
/// <param name="LeftOut">Parts left out for want of time or memory.</param>
public sealed record DeviceVerdict(int Wrong, int Varying, int LeftOut);

/// <summary>
/// Whether networks are computed right on a device, and how fast: the same numbers there and on the CPU, in both
/// precisions, each difference held against what rounding explains. It writes a page of tables as it goes, so that what
/// was done before an interruption is not lost.
/// </summary>
public sealed partial class DeviceCheck
{
    private readonly DeviceCheckPlan _plan;
    private readonly TextWriter _output;
    private readonly CancellationToken _cancellation;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly LabelledSamples _data;
    private int _wrong,
        _varying,
        _leftOut;

    private DeviceCheck(DeviceCheckPlan plan, TextWriter output, CancellationToken cancellation)
    {
        (_plan, _output, _cancellation) = (plan, output, cancellation);
        _data = FashionMnist.Load(null, plan.Images, 1).Train;
    }

    /// <summary>Makes a check.</summary>
    /// <param name="plan">What is computed.</param>
    /// <param name="output">Where the page goes.</param>
    /// <param name="cancellation">Stops it between two parts.</param>
    /// <exception cref="ArgumentException">A number of the plan is outside its range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static DeviceVerdict Run(DeviceCheckPlan plan, TextWriter output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(output);
        plan.Validate();
        TorchRuntime.EnsureLoaded();
        var check = new DeviceCheck(plan, output, cancellation);
        check.Surroundings();
        check.Compare();
        check.CompareRuns();
        check.Time();
        return check.Conclude();
    }

    private void Surroundings()
    {
        Write($"## {_plan.Device} against cpu");
        Write("");
        Write(
            $"TorchSharp {Devices.TorchVersion}, libtorch {TorchRuntime.Loaded?.Version ?? "of unknown version"}; the CPU with {get_num_threads()} threads; {DeviceName()}."
        );
        Write(
            $"TF32 is {(backends.cuda.matmul.allow_tf32 ? "allowed" : "off")}; a product of float32 matrices on {_plan.Device} {(KeepsAllBits() ? "keeps all" : "loses some")} of their 24 bits; convolutions in TF32 are {(backends.cudnn.allow_tf32 ? "allowed" : "off")}, algorithms that add in an order of the moment are {(Determinism.IsRequired ? "off" : "allowed")}."
        );
        if (!KeepsAllBits())
            _wrong++;
        Write("");
    }

    /// <summary>The identity times a number that TF32, with 11 bits, would round to 1.</summary>
    private bool KeepsAllBits()
    {
        const int size = 256;
        using var scope = NewDisposeScope();
        float[] values = new float[size * size],
            units = new float[size * size];
        Array.Fill(values, 1 + (1f / 4096));
        for (var i = 0; i < size; i++)
            units[i * (size + 1)] = 1;
        var device = torch.device(_plan.Device);
        var product = tensor(values, [size, size], device: device).mm(tensor(units, [size, size], device: device));
        return product.cpu().data<float>().ToArray().AsSpan().SequenceEqual(values);
    }

    private void Compare()
    {
        Write(
            $"Fully connected networks {_data.Features}-{_plan.HiddenWidth}-{_plan.HiddenWidth}-{_data.Classes} on {_data.Count} images, small convolutional and residual ones on a quarter of them, a transformer on as many sequences to be sorted. Differences and tolerances are relative to the quantity."
        );
        Write(
            "A tolerance is 16 times the CPU's own rounding, measured between its two precisions, and 64 roundoffs; for eigenvalues also the residuals."
        );
        Write("");
        Write("| network | quantity | float64 | tolerance | float32 | tolerance | same bits twice |");
        Write("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var network in CheckedNetwork.All(_data, _plan.HiddenWidth))
        {
            if (!HasTime(network.Name))
                continue;
            List<Quantity> cpuDouble = Measure(network, ScalarType.Float64, "cpu"),
                cpuSingle = Measure(network, ScalarType.Float32, "cpu");
            List<Quantity> fullOnce = Measure(network, ScalarType.Float64, _plan.Device),
                fullAgain = Measure(network, ScalarType.Float64, _plan.Device);
            List<Quantity> singleOnce = Measure(network, ScalarType.Float32, _plan.Device),
                singleAgain = Measure(network, ScalarType.Float32, _plan.Device);
            for (var i = 0; i < cpuDouble.Count; i++)
            {
                var full = Agreement.Of(false, cpuDouble[i], fullOnce[i], cpuSingle[i], cpuDouble[i]);
                var single = Agreement.Of(true, cpuSingle[i], singleOnce[i], cpuSingle[i], cpuDouble[i]);
                var same = fullOnce[i].HasBitsOf(fullAgain[i]) && singleOnce[i].HasBitsOf(singleAgain[i]);
                Write($"| {network.Name} | {cpuDouble[i].Name} | {Words(full)} | {Words(single)} | {Bits(same)} |");
            }
        }

        Write("");
    }

    /// <summary>All quantities of a network: at its start, and the ends of trainings by every rule.</summary>
    private List<Quantity> Measure(CheckedNetwork network, ScalarType type, string device)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var quantities = new DeviceQuantities(network, type, device);
        var found = quantities.AtPoint();
        foreach (var rule in OptimiserCatalogue.All.Where(rule => !network.Without.Contains(rule.Name)))
        {
            // An epsilon of a hundredth: gradients at the level of rounding would be blown up to steps of full size
            // with the usual one.
            var spec = OptimiserSpec.Of(rule.Name);
            if (rule.Parameters.Any(p => p.Name == "epsilon"))
                spec = spec.With("epsilon", 1e-2);
            found.Add(quantities.Trained($"{DeviceQuantities.Steps} steps of {rule.Name}", spec, 1e-3, null));
        }

        found.Add(
            quantities.Trained(
                $"{DeviceQuantities.Steps} steps of gd on minibatches",
                OptimiserSpec.GradientDescent,
                1e-3,
                new BatchPlan(network.Samples.Count / 4, 1)
            )
        );
        return found;
    }

    private void CompareRuns()
    {
        if (HasTime("forecast"))
        {
            Write(
                "A forecast of an instability and the run that tests it, in float64. A tolerance is the response of the run on the CPU to a start that is off by a billionth, and 1e-5 for the eigensolver."
            );
            Write("");
            Write("| series | difference | tolerance | same bits twice |");
            Write("| --- | --- | --- | --- |");
            List<Quantity> cpu = DeviceRuns.Forecast(_data, "cpu"),
                once = DeviceRuns.Forecast(_data, _plan.Device),
                again = DeviceRuns.Forecast(_data, _plan.Device);
            for (var i = 0; i < cpu.Count; i++)
                Write(
                    $"| {cpu[i].Name} | {Words(Agreement.Of(false, cpu[i], once[i] with { Slack = 0 }, cpu[i], cpu[i]))} | {Bits(once[i].HasBitsOf(again[i]))} |"
                );
            Write("");
        }

        if (!HasTime("killed run"))
            return;
        var exact = DeviceRuns.ResumesExactly(_data, _plan.Device);
        if (!exact)
            _wrong++;
        Write(
            $"A training on {_plan.Device} that was killed and taken up from its checkpoint ends {(exact ? "with the bits" : "WITHOUT the bits")} of one that was not."
        );
        Write("");
    }

    private DeviceVerdict Conclude()
    {
        Write(
            _wrong == 0
                ? $"Everything computed on {_plan.Device} agrees with the CPU to rounding."
                : $"{_wrong} of the numbers computed on {_plan.Device} are off by more than rounding explains: do not use it before that is understood."
        );
        if (_varying > 0)
            Write(
                $"{_varying} quantities have other bits when computed again: runs on {_plan.Device} cannot be repeated bit by bit."
            );
        if (_leftOut > 0)
            Write($"{_leftOut} parts were left out for want of time or memory.");
        return new DeviceVerdict(_wrong, _varying, _leftOut);
    }

    private bool HasTime(string part)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_clock.Elapsed < _plan.Limit)
            return true;
        _leftOut++;
        Write($"| {part} | left out: the time is up |");
        return false;
    }

    private string Words(Agreement agreement)
    {
        if (!agreement.Holds)
            _wrong++;
        var size = agreement.Size > 0 ? agreement.Size : 1;
        return $"{Number(agreement.Difference / size)}{(agreement.Holds ? "" : " WRONG")} | {Number(agreement.Tolerance / size)}";
    }

    private string Bits(bool same)
    {
        if (!same)
            _varying++;
        return same ? "yes" : "NO";
    }

    private string DeviceName() =>
        Devices.IsCuda(_plan.Device)
            ? Devices.CudaDevices()[Math.Max(0, torch.device(_plan.Device).index)]
            : "the CPU again in place of a GPU";

    private static string Number(double value) => value.ToString("G2", CultureInfo.InvariantCulture);

    private void Write(string line)
    {
        _output.WriteLine(line);
        _output.Flush();
    }
}
