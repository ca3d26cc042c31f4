using System.Globalization;
using System.Text.Json;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.Reports.Records;

/// <summary>A spectrum as a JSON file: beside a record for a step of its run, or on its own.</summary>
internal sealed record SpectrumFile
{
    private const int CurrentFormat = 1;

    /// <summary>The version of this layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The number of eigenvalues.</summary>
    public required int Dimension { get; init; }

    /// <summary>The leading ones, largest first.</summary>
    public required double[] Leading { get; init; }

    /// <summary>Their residuals.</summary>
    public required double[] LeadingResiduals { get; init; }

    /// <summary>The trailing ones, smallest first.</summary>
    public required double[] Trailing { get; init; }

    /// <summary>Their residuals.</summary>
    public required double[] TrailingResiduals { get; init; }

    /// <summary>Whether every pair met the tolerance.</summary>
    public required bool Converged { get; init; }

    /// <summary>Whether an eigenvalue that belongs among the pairs may have been missed.</summary>
    public required bool PossiblyMissed { get; init; }

    /// <summary>tr H.</summary>
    public required double Trace { get; init; }

    /// <summary>Its standard error.</summary>
    public required double TraceError { get; init; }

    /// <summary>Hessian products spent.</summary>
    public required int Products { get; init; }

    /// <summary>The density.</summary>
    public required SpectralDensity Density { get; init; }

    public static SpectrumFile Of(Spectrum spectrum) =>
        new()
        {
            Dimension = spectrum.Dimension,
            Leading = [.. spectrum.Leading],
            LeadingResiduals = [.. spectrum.LeadingResiduals],
            Trailing = [.. spectrum.Trailing],
            TrailingResiduals = [.. spectrum.TrailingResiduals],
            Converged = spectrum.Converged,
            PossiblyMissed = spectrum.PossiblyMissed,
            Trace = spectrum.Trace.Value,
            TraceError = spectrum.Trace.StandardError,
            Products = spectrum.Products,
            Density = spectrum.Density(),
        };

    /// <summary>Where the spectrum of a step lies beside its record.</summary>
    public static string InRecord(string folder, int step) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"spectrum-{step:D6}.json"));

    /// <summary>Reads a file.</summary>
    /// <exception cref="RecordException">It is missing, damaged or of another format.</exception>
    public static SpectrumFile Read(string path)
    {
        if (!File.Exists(path))
            throw new RecordException(
                $"{path} is not a file; a spectrum is one that flatbias train --spectra or flatbias spectrum wrote."
            );
        try
        {
            var text = BoundedFile.ReadText(path);
            FileFormat.Require(path, text, CurrentFormat, "measure it again");
            var file =
                JsonSerializer.Deserialize<SpectrumFile>(text, RunSpec.Json) ?? throw new JsonException("it is empty");
            return
                file.Density is { Grid: var grid, Values: var values, Errors: var errors }
                && grid.Length == values.Length
                && grid.Length == errors.Length
                && file.Dimension > 0
                ? file
                : throw new JsonException("its density has columns of different lengths");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new RecordException($"{path} is not a spectrum: {e.Message}", e);
        }
    }

    public void Write(string path) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, RunSpec.Json));
}
