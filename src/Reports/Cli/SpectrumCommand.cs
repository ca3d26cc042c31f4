using System.CommandLine;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;
using OxyPlot;

namespace FlatBias.Reports.Cli;

/// <summary>
/// flatbias spectrum: the spectrum of a network's Hessian at given weights, or pictures of spectra measured before.
/// </summary>
internal sealed class SpectrumCommand
{
    public const string Name = "spectrum",
        Summary =
            "Measures the spectrum of a network's Hessian at given weights: leading and trailing eigenvalues with their residuals, the trace with its error, and the density of all eigenvalues by Lanczos quadrature with its band (theory.md, 10.7 and 10.8).";

    private const string Json = ".json";
    private static readonly TrainingSpec Default = new();
    private static readonly SpectrumOptions Measured = new();

    private readonly Argument<string[]> _files = new("spectrum")
    {
        Description =
            "files that flatbias train --spectra or this command wrote: they are drawn into one figure, and nothing is measured",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly NetworkOptions _network = new(Default);
    private readonly Option<int> _pairs = Options.Whole(
        "--eigenpairs",
        Default.Eigenpairs,
        "number of eigenvalues known one by one at each end"
    );
    private readonly Option<int> _probes = Options.Whole(
        "--probes",
        Measured.Probes,
        "random vectors for trace and density, at least 2: their scatter is the error"
    );
    private readonly Option<int> _depth = Options.Whole(
        "--depth",
        Measured.Depth,
        "Hessian products a probe: the density resolves about a share 1/depth of the width of the bulk"
    );
    private readonly Option<string?> _output = new("--output")
    {
        HelpName = "file",
        Description =
            "the file to write: .svg, .pdf or .png for the density drawn on a logarithmic scale, .json for all numbers [default: none, or spectrum.svg of files]",
    };

    public static Command Create()
    {
        var options = new SpectrumCommand();
        var command = new Command(
            Name,
            Summary
                + """


                Example, a network trained before, and spectra along a run:
                  flatbias train --widths 32,32 --steps 200 --save-weights end.safetensors --spectra 0,100,200 --out run
                  flatbias spectrum --widths 32,32 --init end.safetensors --output density.svg
                  flatbias spectrum run/spectrum-000000.json run/spectrum-000200.json --output densities.svg
                """
        )
        {
            options._files,
            options._pairs,
            options._probes,
            options._depth,
            options._output,
        };
        options._network.AddTo(command);
        command.SetAction(options.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var (files, output) = (parsed.GetValue(_files)!, parsed.GetValue(_output));
        if (files.Length > 0)
            output ??= "spectrum.svg";
        if (output is not null && Path.GetExtension(output) != Json)
            FigureExport.Check(output, "--output");
        using var held = OutputFile.Prepare(_output.Name, output);
        if (files.Length == 0)
            Write(Measure(parsed), output);
        else if (Path.GetExtension(output) == Json)
            throw new ArgumentException(
                $"--output is {output}; spectra measured before are drawn, as .svg, .pdf or .png."
            );
        else
            Draw([.. files.Select(file => (Path.GetFileNameWithoutExtension(file), SpectrumFile.Read(file)))])
                .Save(output!);
        if (output is not null)
            Console.WriteLine($"Spectrum in {output}");
        return FlatBiasCommand.Success;
    }

    private Spectrum Measure(ParseResult parsed)
    {
        var inputs = _network.Inputs(parsed);
        var spec = _network.Read(parsed) with { Eigenpairs = parsed.GetValue(_pairs) };
        var train = inputs.Data(spec).Train;
        NetworkOptions.Tell(inputs.Data(spec));
        spec.Validate(train);
        NetworkOptions.TellWeights(inputs, spec, train);
        _network.UseThreads(parsed);
        spec = _network.Complete(parsed, spec, inputs);
        var options = new SpectrumOptions(parsed.GetValue(_probes), parsed.GetValue(_depth), Seed: spec.Seed);
        using var network = NetworkAt.Of(spec, train, inputs.InitialWeights(spec, train));
        var spectrum = Spectrum.Measure(network.Surface, network.Theta, spec.Eigenpairs, options);
        Print(spectrum);
        return spectrum;
    }

    private static void Print(Spectrum spectrum)
    {
        Say(
            $"{spectrum.Dimension} eigenvalues, trace {spectrum.Trace.Value:G6} with standard error {spectrum.Trace.StandardError:G2}; {spectrum.Products} Hessian products."
        );
        if (!spectrum.Converged)
            Say($"Not every pair has converged: the residuals say how far they came.");
        if (spectrum.PossiblyMissed)
            Say(
                $"That one more belongs among the pairs listed cannot be excluded, as is common where the bulk begins."
            );
        Console.WriteLine();
        Console.WriteLine($"{"", 5}{"leading", 14}{"residual", 10}{"trailing", 14}{"residual", 10}");
        for (var i = 0; i < spectrum.Leading.Count; i++)
            Say(
                $"{i + 1, 5}{spectrum.Leading[i], 14:G7}{spectrum.LeadingResiduals[i], 10:0.0e+0}{Trailing(spectrum, i)}"
            );
    }

    private static string Trailing(Spectrum spectrum, int i) =>
        i < spectrum.Trailing.Count
            ? string.Create(Printed.Numbers, $"{spectrum.Trailing[i], 14:G7}{spectrum.TrailingResiduals[i], 10:0.0e+0}")
            : "";

    private static void Write(Spectrum spectrum, string? output)
    {
        if (Path.GetExtension(output) == Json)
            SpectrumFile.Of(spectrum).Write(output!);
        else if (output is not null)
            Plot.Density(spectrum).Save(output);
    }

    private static PlotModel Draw(IReadOnlyList<(string Name, SpectrumFile File)> spectra) =>
        Plot.Density([
            .. spectra.Select(s =>
                (s.Name, s.File.Density, s.File.Leading.Concat(s.File.Trailing).ToArray(), s.File.Dimension)
            ),
        ]);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(Printed.Numbers));
}
