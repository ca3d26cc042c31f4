using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>A run of a group.</summary>
internal sealed class InstabilityTrial(InstabilityGroup group, RunRecord record)
{
    public InstabilityGroup Group => group;

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

    /// <summary>What the Taylor jet cost, in gradient-equivalents.</summary>
    public double JetCost => Series[Columns.JetCost][0];

    /// <summary>What the collocation jet cost, in gradient-equivalents, without its check.</summary>
    public double SwingCost => Series[Columns.CollocationCost][0];

    /// <summary>What holding it against the surface along its path cost; 0 where nothing could be said of the path.</summary>
    public double SwingCheckCost =>
        Series.Names.Contains(Columns.CollocationPathCost) ? Series[Columns.CollocationPathCost][0] : 0;

    /// <summary>e_S of (4.16) of the collocation jet; infinite where nothing could be said of the path.</summary>
    public double SwingError =>
        Series.Names.Contains(Columns.CollocationPath) ? Series[Columns.CollocationPath][0] : double.PositiveInfinity;

    /// <summary>l_S of (4.18); infinite where the displaced run diverged.</summary>
    public double Limit => Series[Columns.Predictability][0];

    /// <summary>The limit of the span (4.22), where it was measured.</summary>
    public double SpanLimit => Series[Columns.SpanLimit][0];

    public double Edge => 2 / Series[Columns.StepSize][0];

    /// <summary>
    /// The steps from the peak of |m_4| along v_1 to where S is back below the edge, both as means over two steps since the run
    /// alternates; negative where the peak comes later, NaN where S does not come back.
    /// </summary>
    public double StepsFromMomentPeak
    {
        get
        {
            var moments = TwoStep(Columns.FourthMoment, Math.Abs);
            return Resolved is { } resolved ? resolved - Array.IndexOf(moments, moments.Max()) : double.NaN;
        }
    }

    /// <summary>The first pair of steps over which the mean of S is back below the edge; null where it does not come back.</summary>
    public int? Resolved =>
        Array.FindIndex(TwoStep(Columns.Sharpness, s => s), s => s <= Edge) is >= 0 and var step ? step : null;

    /// <summary>The largest over the smallest |m_4| along v_1, as means over two steps.</summary>
    public double MomentRange => TwoStep(Columns.FourthMoment, Math.Abs) is var m ? m.Max() / m.Min() : double.NaN;

    public SortedDictionary<string, string> Notes { get; } = record.Manifest.Notes ?? [];

    /// <summary>The largest error of S; NaN for a theory that declined.</summary>
    public double Largest(string theory) =>
        Scores.TryGetValue(theory, out var score) && score.Sharpness.Length > 0 ? score.Sharpness.Max() : double.NaN;

    /// <summary>The mean error of the rotation over the last rows; NaN for a theory that declined or forecasts none, and for a run that ended early.</summary>
    public double LateRotation(string theory, int rows) =>
        Scores.TryGetValue(theory, out var score) && score.Rotation.Length == InstabilityGroup.Horizon + 1
            ? score.Rotation[^rows..].Average()
            : double.NaN;

    /// <summary>Whether S is right at every step of a run that took all of them.</summary>
    public bool RightThroughout(string theory) =>
        Scores.TryGetValue(theory, out var score)
        && score.Sharpness.Length == InstabilityGroup.Horizon + 1
        && ForecastScore.WrongFrom(score.Sharpness) == score.Sharpness.Length;

    public Dictionary<string, ForecastScore> Scores { get; } =
        TheoryCatalogue
            .All.Select(theory => ForecastScore.Of(record.Series, theory.Name))
            .OfType<ForecastScore>()
            .ToDictionary(score => score.Theory);

    public double Sharpness(string theory) => Mean(theory, s => s.Sharpness);

    /// <summary>How much S falls from the reference point to the mean of the last two rows, as forecast or, for null, in the run.</summary>
    public double Flattening(string? theory)
    {
        var column = theory is null ? Columns.Sharpness : Columns.Forecast(theory, Columns.Sharpness);
        if (!Series.Names.Contains(column) || Series.Rows < 2)
            return double.NaN;
        var sharpness = Series[column];
        return sharpness[0] - ((sharpness[Series.Rows - 1] + sharpness[Series.Rows - 2]) / 2);
    }

    public double Displacement(string theory) => Mean(theory, s => s.Displacement);

    public double Loss(string theory) => Mean(theory, s => s.Loss);

    public double Rotation(string theory) => Mean(theory, s => s.Rotation);

    /// <summary>A column as means over each step and the next.</summary>
    public double[] TwoStep(string column, Func<double, double> of)
    {
        var values = Series[column];
        return [.. Enumerable.Range(0, Series.Rows - 1).Select(t => (of(values[t]) + of(values[t + 1])) / 2)];
    }

    /// <summary>The mean over the horizon, NaN where the theory says nothing; what is lost counts as a thousandfold error, so that a mean is still a number.</summary>
    public double Mean(string theory, Func<ForecastScore, double[]> errors) =>
        Scores.TryGetValue(theory, out var score) && errors(score) is { Length: > 0 } values
            ? values.Average(e => double.IsFinite(e) ? Math.Min(e, 1e3) : 1e3)
            : double.NaN;
}
