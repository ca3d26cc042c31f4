using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The runs of the chapter, and each run with its scores.</summary>
internal sealed partial class InstabilityForecast
{
    /// <summary>Runs that differ in their seed alone. Images and approach are those of the quick profile.</summary>
    private sealed record Group(
        string Name,
        Activation Activation,
        int[] Widths,
        double Push = 2.15,
        int Instability = 1,
        int Quick = 3,
        int Paper = 10,
        int Images = 150,
        int Approach = 1000
    )
    {
        public int Seeds(ReportSettings settings) => settings.Paper ? Paper : Quick;

        public IEnumerable<InstabilitySpec> Runs(ReportSettings settings) =>
            Enumerable
                .Range(settings.Seed, Seeds(settings))
                .Select(seed => new InstabilitySpec(
                    new ForecastPlan
                    {
                        Approach = settings.Paper ? 2000 : Approach,
                        Push = Push,
                        Instability = Instability,
                        Horizon = Horizon,
                        Krylov = Krylov,
                        Cubic = true,
                        Training = new TrainingSpec
                        {
                            DataHash = settings.DataHash,
                            Train = settings.Paper ? 300 : Images,
                            Test = 1,
                            Network = NetworkChoice.FullyConnected(Widths, Activation),
                            Loss = NetworkLoss.MeanSquaredError,
                            Precision = "float64",
                            StepSize = 0.01,
                            Eigenpairs = 1,
                            Seed = seed,
                            Device = settings.Device,
                        },
                    }
                ));
    }

    /// <summary>A run of a group.</summary>
    private sealed class Trial(Group group, RunRecord record)
    {
        public Group Group => group;

        public int Seed => ((InstabilitySpec)record.Manifest.Specification).Plan.Training.Seed;

        public SeriesTable Series => record.Series;

        /// <summary>Whether the instability came.</summary>
        public bool Reached => !Notes.ContainsKey(InstabilitySpec.RunNote);

        /// <summary>Whether the jet was held against the surface, and held.</summary>
        public bool JetHolds => double.IsFinite(TrustError) && !Notes.ContainsKey(InstabilitySpec.JetNote);

        /// <summary>The largest of the errors of the jet against the surface; infinite where nothing could be said of the swing.</summary>
        public double TrustError =>
            !Series.Names.Contains(Columns.TrustDistance)
                ? double.PositiveInfinity
                : new ModelTrust(
                    Series[Columns.TrustDistance][0],
                    Series[Columns.TrustCurvature][0],
                    Series[Columns.TrustFeedback][0],
                    Series[Columns.TrustEnds][0]
                ).Error;

        public double JetCost => Series[Columns.JetCost][0];

        public double Edge => 2 / Series[Columns.StepSize][0];

        public SortedDictionary<string, string> Notes { get; } = record.Manifest.Notes ?? [];

        /// <summary>The largest error of S; NaN for a theory that declined.</summary>
        public double Largest(string theory) =>
            Scores.TryGetValue(theory, out var score) && score.Sharpness.Length > 0
                ? score.Sharpness.Max()
                : double.NaN;

        /// <summary>The mean error of the rotation over the last rows; NaN for a theory that declined or forecasts none, and for a run that ended early.</summary>
        public double LateRotation(string theory, int rows) =>
            Scores.TryGetValue(theory, out var score) && score.Rotation.Length == Horizon + 1
                ? score.Rotation[^rows..].Average()
                : double.NaN;

        /// <summary>Whether S is right at every step of a run that took all of them.</summary>
        public bool RightThroughout(string theory) =>
            Scores.TryGetValue(theory, out var score)
            && score.Sharpness.Length == Horizon + 1
            && ForecastScore.WrongFrom(score.Sharpness) == score.Sharpness.Length;

        public Dictionary<string, ForecastScore> Scores { get; } =
            TheoryCatalogue
                .All.Select(theory => ForecastScore.Of(record.Series, theory.Name))
                .OfType<ForecastScore>()
                .ToDictionary(score => score.Theory);

        public double Sharpness(string theory) => Mean(theory, s => s.Sharpness);

        public double Displacement(string theory) => Mean(theory, s => s.Displacement);

        public double Loss(string theory) => Mean(theory, s => s.Loss);

        public double Rotation(string theory) => Mean(theory, s => s.Rotation);

        /// <summary>The mean over the horizon, NaN where the theory says nothing; what is lost counts as a thousandfold error, so that a mean is still a number.</summary>
        public double Mean(string theory, Func<ForecastScore, double[]> errors) =>
            Scores.TryGetValue(theory, out var score) && errors(score) is { Length: > 0 } values
                ? values.Average(e => double.IsFinite(e) ? Math.Min(e, 1e3) : 1e3)
                : double.NaN;
    }
}
