using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>A network and task beyond fully connected classification: a step size that meets its edge early on, and one that is two fifths of it.</summary>
/// <param name="Name">Its name in statements and figures.</param>
/// <param name="Network">The network.</param>
/// <param name="Data">The data.</param>
/// <param name="Large">The larger step size.</param>
/// <param name="Steps">Steps at the larger one, of the quick profile.</param>
internal sealed record OtherSubject(string Name, NetworkChoice Network, string Data, double Large, int Steps)
{
    private const double Ratio = 2.5;

    // Rows of a run, whatever its length.
    private const int Rows = 20;

    /// <summary>Images, sequences or points.</summary>
    public (int Quick, int Paper) Samples { get; init; } = (60, 200);

    /// <summary>Steps over which the step size rises from 0, as transformers are trained; 0 for none.</summary>
    public int WarmUp { get; init; }

    /// <summary>Whether there is a run below the edge to compare with.</summary>
    public bool Compared { get; init; } = true;

    /// <summary>The smaller step size.</summary>
    public double Small => Large / Ratio;

    /// <summary>The runs of a seed.</summary>
    public IEnumerable<NetworkSpec> Runs(ReportSettings settings, int seed)
    {
        yield return Run(settings, large: true, seed);
        if (Compared)
            yield return Run(settings, large: false, seed);
    }

    /// <summary>The run at a step size: the same time, step size times steps, and as many rows at either.</summary>
    public NetworkSpec Run(ReportSettings settings, bool large, int seed)
    {
        var steps = Steps * (settings.Paper ? 2 : 1);
        var (all, warm) = large ? (steps, WarmUp) : ((int)(steps * Ratio), (int)(WarmUp * Ratio));
        var stepSize = large ? Large : Small;
        return new(
            new TrainingSpec
            {
                Data = Data,
                DataHash = Data == new TrainingSpec().Data ? settings.DataHash : null,
                Network = Network,
                Loss = NetworkLoss.MeanSquaredError,
                Train = settings.Paper ? Samples.Paper : Samples.Quick,
                Test = 0,
                StepSize = WarmUp > 0 ? new WarmedUpStepSize(stepSize, warm) : stepSize,
                Steps = all,
                MeasureEvery = all / Rows,
                ReferenceStep = all / Rows * (Rows / 4),
                Eigenpairs = 4,
                TrailingEvery = int.MaxValue,
                EigenTolerance = 1e-2,
                LayersEvery = large ? Rows : null,
                Seed = seed,
                Device = settings.Device,
            }
        );
    }
}
