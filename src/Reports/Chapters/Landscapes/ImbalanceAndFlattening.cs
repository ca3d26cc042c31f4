using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(3.1)-(3.3), (3.6), (3.8): the imbalance contracts in an instability, and with it the sharpness of the minimum reached.</summary>
internal sealed class ImbalanceAndFlattening : Chapter
{
    private static readonly Statement Identities = new(
        "imbalance-identities",
        "D, Θ and s move by (3.1)–(3.3) at every step, to rounding.",
        "(3.1)–(3.3) D"
    );
    private static readonly Statement FlowValue = new(
        "stable-flow-value",
        "Below the threshold the final sharpness is that of gradient flow's minimum, 2|D₀|.",
        "(3.8) D"
    );
    private static readonly Statement Contraction = new(
        "contraction-product",
        "The final sharpness is 2|D₀| ∏|1 − η²z′²|, the imbalance left over, below and past the threshold.",
        "(3.1), (3.8) D"
    );
    private static readonly Statement Flatter = new(
        "past-threshold-flatter",
        "Past the threshold every run that converges ends inside the edge, ηS/2 ≤ 1.",
        "(3.7) D"
    );
    private static readonly Statement BelowFlow = new(
        "past-threshold-below-flow",
        "Past the threshold every run that converges ends flatter than gradient flow.",
        "(3.8) WR"
    );
    private static readonly Statement Example = new(
        "worked-example",
        "z = Θ², θ₀ = (−0.1, 10), η = 0.011 ends with S = 160.6.",
        "(3.6) WR"
    );

    public override string Title => "Imbalance and flattening";

    public override IReadOnlyList<Statement> Statements { get; } =
    [Identities, FlowValue, Contraction, Flatter, BelowFlow, Example];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. TwoParameterRuns.StepSizes.Select(TwoParameterRuns.Run), TwoParameterRuns.Sweep(settings), Plane(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var sweep = records[TwoParameterRuns.Sweep(settings)].Series;
        var flow = 2 * Math.Abs(TwoParameterRuns.Network.State(TwoParameterRuns.Start).Imbalance);
        var threshold = TwoParameterRuns.Threshold;
        var (below, past, largest) = (double.NaN, double.NaN, double.NaN);
        for (var i = 0; i < sweep.Rows; i++)
        {
            var stepSize = sweep[Columns.StepSize][i];
            if ((StopReason)sweep[GridColumns.Reason][i] != StopReason.Converged)
                continue;
            if (stepSize < 0.98 * threshold)
                below = Axes.Larger(below, Math.Abs((sweep[Columns.Sharpness][i] / flow) - 1));
            if (stepSize <= threshold)
                continue;
            past = Axes.Larger(past, StabilityNumber.Of(stepSize, sweep[Columns.Sharpness][i]));
            largest = Axes.Larger(largest, sweep[Columns.Sharpness][i] / flow);
        }

        var (rounding, product) = (0.0, 0.0);
        foreach (var stepSize in TwoParameterRuns.StepSizes)
        {
            var series = records[TwoParameterRuns.Run(stepSize)].Series;
            var states = TwoParameterRuns.States(series);
            rounding = Math.Max(rounding, Rounding(states, stepSize));
            var left = states[..^1]
                .Aggregate(flow, (value, s) => value * Math.Abs(1 - (stepSize * stepSize * s.Slope * s.Slope)));
            product = Math.Max(product, Math.Abs((series[Columns.Sharpness][^1] / left) - 1));
        }

        return new ChapterResult(
            [
                Identities.Judge(
                    Relation.Equal,
                    0,
                    rounding,
                    64,
                    "a dozen operations a side",
                    "largest deviation in units of rounding, 1.1e−16 s"
                ),
                FlowValue.Judge(
                    Relation.Equal,
                    0,
                    below,
                    0.01,
                    "(3.8) where z′ shrinks by 0.96 a step or faster: at most 0.005",
                    "largest relative deviation from 2|D₀|"
                ),
                Contraction.Judge(
                    Relation.Equal,
                    0,
                    product,
                    1e-3,
                    "Θ is not quite 0 at the end",
                    "largest relative deviation from the product"
                ),
                Flatter.Judge(
                    Relation.AtMost,
                    1,
                    past,
                    1e-6,
                    "slow convergence at the edge",
                    "largest final ηS/2 past the threshold"
                ),
                BelowFlow.Judge(
                    Relation.AtMost,
                    1,
                    largest,
                    0,
                    "exact",
                    "largest final S over 2|D₀| past the threshold"
                ),
                Example.Judge(
                    Relation.Equal,
                    160.6,
                    records[TwoParameterRuns.Run(TwoParameterRuns.Past)].Series[Columns.Sharpness][^1],
                    0.1,
                    "the decimals published",
                    "final S"
                ),
            ],
            [SweepFigure(sweep, flow, threshold), PlaneFigure(settings, records[Plane(settings)].Series)],
            [
                $"Below η = {Claim.Format(threshold)} the final sharpness is {Claim.Format(flow)} to within {Claim.Format(below)}; past it, it falls under 2/η, the more so the larger the step. The identities hold to {Claim.Format(rounding)} units of rounding.",
            ]
        );
    }

    private static double Rounding(TwoParameterState[] states, double stepSize)
    {
        var worst = 0.0;
        for (var t = 0; t + 1 < states.Length; t++)
        {
            var (product, norm, imbalance) = states[t].Next(stepSize);
            var q = 1 + Math.Abs(stepSize * states[t].Slope);
            var size = Roundoff.Unit * states[t].SquaredNorm * q * q;
            var next = states[t + 1];
            worst = Math.Max(
                worst,
                Math.Max(
                    Math.Abs(product - next.Product),
                    Math.Max(Math.Abs(norm - next.SquaredNorm), Math.Abs(imbalance - next.Imbalance))
                ) / size
            );
        }

        return worst;
    }

    private static (double[] StepSizes, double[] Second) PlaneAxes(ReportSettings settings) =>
        (Axes.Linear(0.004, 0.024, settings.Paper ? 161 : 81), Axes.Linear(6, 14, settings.Paper ? 161 : 81));

    private static GridSpec Plane(ReportSettings settings)
    {
        var (stepSizes, second) = PlaneAxes(settings);
        return new GridSpec(
            TwoParameterRuns.Landscape,
            stepSizes,
            [.. second.Select(y => new[] { -0.1, y })],
            4000,
            1e-8
        );
    }

    private static ChapterFigure SweepFigure(SeriesTable sweep, double flow, double threshold)
    {
        var stepSizes = sweep.Array(Columns.StepSize);
        var plot = PlotStyle
            .Create("Final sharpness against step size", Columns.StepSize.Label, "final sharpness S")
            .AddPoints("gradient descent", stepSizes, sweep.Array(Columns.Sharpness))
            .AddLine("stability limit 2/η", stepSizes, [.. stepSizes.Select(h => 2 / h)])
            .AddHorizontal($"gradient flow, 2|D₀| = {Claim.Format(flow)}", flow)
            .AddVertical($"threshold η = {Claim.Format(threshold)}", threshold);
        return new ChapterFigure("flattening-sweep", [plot], 70);
    }

    private static ChapterFigure PlaneFigure(ReportSettings settings, SeriesTable plane)
    {
        var (stepSizes, second) = PlaneAxes(settings);
        var values = new double[stepSizes.Length, second.Length];
        for (var i = 0; i < plane.Rows; i++)
            values[i / second.Length, i % second.Length] =
                plane[Columns.Sharpness][i] / plane[GridColumns.InitialSharpness][i];
        var plot = PlotStyle
            .HeatMap(
                "Final over initial sharpness",
                Columns.StepSize.Label,
                "start θ₂ (θ₁ = −0.1)",
                "S(end) / S(start)",
                stepSizes,
                second,
                values
            )
            .AddLine("ηS(start) = 2", [.. second.Select(y => Inside(1 / (y * y)))], second)
            .AddLine("ηS(start) = 4", [.. second.Select(y => Inside(2 / (y * y)))], second);

        // S(start) = 2 theta_2^2 to leading order; what lies outside the map is left out, or it would stretch the axis.
        double Inside(double stepSize) => stepSize >= stepSizes[0] && stepSize <= stepSizes[^1] ? stepSize : double.NaN;
        return new ChapterFigure("flattening-plane", [plot], 80);
    }
}
