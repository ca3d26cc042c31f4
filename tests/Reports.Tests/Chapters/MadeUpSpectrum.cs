using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Spectra to put beside made-up records of runs that ask for them.</summary>
internal static class MadeUpSpectrum
{
    /// <summary>Writes one for every step that a run asks for.</summary>
    public static void WriteAll(string folder, RunSpec spec)
    {
        Directory.CreateDirectory(folder);
        foreach (var step in (spec as NetworkSpec)?.Training.SpectrumSteps ?? [])
            Of(step).Write(SpectrumFile.InRecord(folder, step));
    }

    private static SpectrumFile Of(int step) =>
        new()
        {
            Dimension = 4,
            Leading = [step],
            LeadingResiduals = [0],
            Trailing = [-1],
            TrailingResiduals = [0],
            Converged = true,
            PossiblyMissed = false,
            Trace = step,
            TraceError = 0,
            Products = 1,
            Density = new SpectralDensity([-1, 0, 1], [0.1, 0.5, 0.1], [0, 0, 0], 0.5),
        };
}
