using System.Diagnostics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>A run that has been made: the one road from a specification to a record, whichever command or chapter asks for it.</summary>
/// <param name="Spec">The specification.</param>
/// <param name="Outcome">What was measured.</param>
/// <param name="Seconds">Wall-clock seconds, for information only.</param>
/// <param name="Inputs">What it read.</param>
internal sealed record MadeRun(RunSpec Spec, RunOutcome Outcome, double Seconds, RunInputs Inputs)
{
    /// <summary>Makes a run.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="context">Its surroundings.</param>
    /// <exception cref="OperationCanceledException">It was stopped, and is of a kind of which a part says nothing.</exception>
    public static MadeRun Of(RunSpec spec, RunContext context)
    {
        var clock = Stopwatch.StartNew();
        var outcome = spec.Execute(context);
        return new MadeRun(spec, outcome, clock.Elapsed.TotalSeconds, context.Inputs);
    }

    /// <summary>Keeps its record.</summary>
    /// <param name="folder">The folder, made when it is missing.</param>
    /// <param name="threads">Threads that computed it.</param>
    /// <param name="keepsEnd">Whether a longer run may go on from its last step.</param>
    public RunRecord Save(string folder, int threads, bool keepsEnd = false)
    {
        Directory.CreateDirectory(folder);
        if (Spec.Network?.InitialWeights is not null)
            Inputs.Keep(folder);
        return RunRecord.Save(folder, Spec, Outcome, threads, Seconds, keepsEnd);
    }
}
