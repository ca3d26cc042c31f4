using System.Text.Json.Serialization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Reports.Records;

/// <summary>
/// Theories forecast the same run on a landscape from the same reference point, then the run is made; columns as in <see cref="TrialOutcome"/>. The notes say why a theory declined.
/// A Taylor jet has the landscape's highest order up to 6, a Krylov basis of the whole floor where it has at most 40 dimensions, and the cubic coupling;
/// a collocation jet the same basis, and is held against the landscape along its path: collocation_cost, collocation_path,
/// collocation_path_cost, swing_low, swing_high and swing_turning, constant in every row.
/// </summary>
/// <param name="Landscape">The landscape.</param>
/// <param name="Start">The start.</param>
/// <param name="StepSize">The step size eta.</param>
/// <param name="Steps">The horizon.</param>
/// <param name="Approach">Steps of gradient descent from the start to the reference point.</param>
/// <param name="Theories">Names of the theories.</param>
/// <param name="ApproachStepSize">The step size of the approach, for a reference near the floor of a valley; null for that of the run.</param>
/// <param name="Collocation">What a collocation jet (4.11) measures, in place of the Taylor jet; null for the latter.</param>
public sealed record CompareSpec(
    LandscapeChoice Landscape,
    double[] Start,
    double StepSize,
    int Steps,
    int Approach,
    string[] Theories,
    double? ApproachStepSize = null,
    CollocationOptions? Collocation = null
) : RunSpec
{
    private const int LargestBasis = 40;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => $"compare-{Landscape.Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Approach + Steps;

    internal override RunCost Expected => new((Approach + Steps) * RunCost.LandscapeRow, 0);

    /// <summary>Checks every value before any work.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate()
    {
        var landscape = Landscape.Build();
        Require.Length(Start.Length, landscape.Dimension, "start");
        Require.AllFinite(Start, "start");
        Require.Positive(StepSize, "step-size");
        if (ApproachStepSize is { } approach)
            Require.Positive(approach, "approach-step-size");
        Require.InRange(Steps, 1, name: "steps");
        Require.InRange(Approach, 0, name: "approach");
        foreach (var name in Theories)
            TheoryCatalogue.All.Find(name);
        Collocation?.Validate();
        if (Collocation is not null && landscape.Dimension < 2)
            throw new ArgumentException(
                "A collocation jet needs a floor to look at: the landscape must have at least two dimensions."
            );
        var loss = landscape.Loss(Start);
        if (!double.IsFinite(loss))
            throw new ArgumentException($"start gives a loss of {loss}; it must be finite.");
    }

    internal override RunOutcome Execute(RunContext context)
    {
        Validate();
        var landscape = Landscape.Build();
        double[] theta = [.. Start];
        var approach = DescentLoop.Run(
            landscape,
            new GradientDescent<double[]>(landscape.Space),
            ApproachStepSize ?? StepSize,
            new DescentLimits(Approach),
            theta,
            [],
            cancellation: context.Cancellation
        );
        if (approach.Reason == StopReason.Diverged)
            throw new ArgumentException(
                $"approach is {Approach}, but the run diverges after {approach.Steps} steps; choose fewer, or a smaller step size."
            );
        var krylov = Math.Min(landscape.Dimension - 1, LargestBasis);
        // Analytic curvature costs microseconds: every pair is measured to rounding.
        var options = new TrialOptions(
            Steps,
            Math.Min(landscape.MaximumOrder, 6),
            krylov,
            krylov > 0,
            Tolerance: 1e-12,
            Trust: Collocation is not null,
            Collocation: Collocation,
            Taylor: Collocation is null
        );
        var trial = ForecastTrial.Run(
            landscape,
            theta,
            StepSize,
            [.. Theories.Select(TheoryCatalogue.All.Find)],
            options,
            t => context.Progress?.Invoke(Approach + t),
            context.Cancellation
        );
        return new RunOutcome(
            JetColumns.Beside(trial.Series, trial.Collocation),
            trial.Diverged ? StopReason.Diverged : StopReason.StepLimit,
            Approach + trial.Series.Rows - 1,
            landscape.Cost.GradientEquivalents,
            trial.Declined
        );
    }
}
