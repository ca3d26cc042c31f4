using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(3.9), (6.8): scalar products of depth N.</summary>
internal sealed class Depth : Chapter
{
    private static readonly int[] Depths = [2, 3, 4, 6];
    private static readonly double[] AroundOnset = [0.8, 0.9, 0.97, 1.03, 1.1, 1.2];

    private static readonly Statement Identity = new(
        "depth-imbalance",
        "Every imbalance contracts by 1 − η²z′²Θ²/(θᵢ²θⱼ²) a step, to rounding.",
        "(3.9) D"
    );
    private static readonly Statement Bound = new(
        "depth-bound",
        "No minimum is flatter than the balanced one: every run that ends at a minimum has S ≥ N.",
        "(3.9) D"
    );
    private static readonly Statement Onset = new(
        "depth-onset",
        "What survives last is the balanced minimum: from near it, descent converges if and only if η < 2/N.",
        "(3.9) D"
    );
    private static readonly Statement Flow = new(
        "depth-flow-sharpness",
        "Along gradient descent the sharpness of gradient flow's minimum never rises.",
        "(6.8) R: Kreisler et al."
    );
    private static readonly Statement Flatter = new(
        "depth-flattens",
        "At every depth a step size half as large again as the threshold ends flatter than flow.",
        "after (3.9)"
    );

    public override string Title => "Depth: scalar products";

    public override IReadOnlyList<Statement> Statements { get; } = [Identity, Bound, Onset, Flow, Flatter];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. Depths.Select(n => FromUnbalanced(n, settings)), .. Depths.Select(NearBalanced), Followed];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var (bound, flatter, wrong) = (double.NaN, double.NaN, 0);
        var grids = Depths.ToDictionary(n => n, n => records[FromUnbalanced(n, settings)].Series);
        foreach (var n in Depths)
        {
            var (grid, onset) = (grids[n], records[NearBalanced(n)].Series);
            foreach (var i in AtMinimum(grid))
                bound = -Axes.Larger(-bound, -grid[Columns.Sharpness][i] / n);

            // The grid's middle step size is 1.5 thresholds by construction.
            if (AtMinimum(grid).Contains(Middle(grid)))
                flatter = Axes.Larger(flatter, grid[Columns.Sharpness][Middle(grid)] / FlowSharpness(n));
            else
                flatter = double.PositiveInfinity;
            for (var i = 0; i < onset.Rows; i++)
                if (
                    (StopReason)onset[GridColumns.Reason][i] == StopReason.Converged
                    != onset[Columns.StepSize][i] < 2.0 / n
                )
                    wrong++;
        }

        var saddles = grids.Values.Sum(grid =>
            Enumerable
                .Range(0, grid.Rows)
                .Count(i =>
                    (StopReason)grid[GridColumns.Reason][i] != StopReason.Diverged && grid[Columns.Loss][i] > 0.49
                )
        );
        var run = records[Followed].Series;
        var (identity, rise) = AlongRun(run);
        return new ChapterResult(
            [
                Identity.Judge(
                    Relation.Equal,
                    0,
                    identity,
                    64,
                    "a dozen operations a side",
                    "largest deviation in units of rounding, 1.1e−16 Σθ²"
                ),
                Bound.Judge(Relation.AtLeast, 1, bound, 1e-6, "|g| ≤ 1e−9 at the end", "smallest final S over N"),
                Onset.Judge(
                    Relation.Equal,
                    0,
                    wrong,
                    0,
                    "a count",
                    $"runs of {AroundOnset.Length * Depths.Length} on the wrong side"
                ),
                Flow.Judge(
                    Relation.AtMost,
                    0,
                    rise,
                    1e-6,
                    "tolerance of the flow's integration",
                    "largest rise of the flow's sharpness in a step"
                ),
                Flatter.Judge(
                    Relation.AtMost,
                    1,
                    flatter,
                    0,
                    "exact",
                    "largest final S over that of flow, at 1.5 thresholds"
                ),
            ],
            [Figure(grids), FlowFigure(run)],
            [
                saddles == 0
                    ? "No run came to rest anywhere but at a minimum."
                    : $"{saddles} runs were thrown onto the saddle at the origin and stayed there, at loss ½: at depth 3 and more it is flat to second order, and descent leaves it too slowly to be seen. They are at rest, but not at a minimum, and are left out.",
            ]
        )
        {
            Tables =
            [
                ChapterTable.Of(
                    "Sharpness at the end from the unbalanced start, by depth N, which is that of the balanced minimum.",
                    "N",
                    Depths,
                    n => $"{n}",
                    ("gradient flow", n => Claim.Format(FlowSharpness(n))),
                    ("descent at 1.5 thresholds", n => Claim.Format(grids[n][Columns.Sharpness][Middle(grids[n])]))
                ),
            ],
        };
    }

    private static GridSpec FromUnbalanced(int depth, ReportSettings settings) =>
        new(Landscape(depth), StepSizes(depth, settings), [Unbalanced(depth)], 50_000, 1e-9);

    private static GridSpec NearBalanced(int depth) =>
        new(
            Landscape(depth),
            [.. AroundOnset.Select(share => share * 2 / depth)],
            [
                [.. Enumerable.Repeat(1.01, depth)],
            ],
            20_000,
            1e-9
        );

    /// <summary>The run that is followed step by step, at 1.5 thresholds.</summary>
    private static SimulationSpec Followed { get; } =
        new(Landscape(4), Unbalanced(4), 1.5 * Threshold(4)) { Steps = 80 };

    private static LandscapeChoice Landscape(int depth) =>
        LandscapeChoice.Of(
            "scalar-product",
            ("depth", depth.ToString(System.Globalization.CultureInfo.InvariantCulture))
        );

    private static double[] Unbalanced(int depth) => [1.0 / 3, 3.03, .. Enumerable.Repeat(1.0, depth - 2)];

    /// <summary>2 over the sharpness at the start.</summary>
    private static double Threshold(int depth) => 2 / new ScalarProduct(depth).Eigenvalues(Unbalanced(depth))[0];

    private static double FlowSharpness(int depth) =>
        GradientFlow.ToMinimum(new ScalarProduct(depth), Unbalanced(depth)).Sharpness;

    private static double[] StepSizes(int depth, ReportSettings settings) =>
        Axes.Linear(0.5 * Threshold(depth), 2.5 * Threshold(depth), settings.Paper ? 161 : 81);

    /// <summary>Rows that converged to a minimum: |g| at most 1e-9 bounds the error of the product by 1e-9 over sqrt(S), S at least N, where the loss is zero and not 1/2 as on the saddle.</summary>
    private static IEnumerable<int> AtMinimum(SeriesTable grid) =>
        Enumerable
            .Range(0, grid.Rows)
            .Where(i =>
                (StopReason)grid[GridColumns.Reason][i] == StopReason.Converged && grid[Columns.Loss][i] < 1e-12
            );

    private static int Middle(SeriesTable grid) => grid.Rows / 2;

    private static (double Identity, double Rise) AlongRun(SeriesTable series)
    {
        var (landscape, stepSize) = (new ScalarProduct(4), Followed.StepSize.Constant);
        var (identity, rise, last) = (0.0, 0.0, double.PositiveInfinity);
        for (var t = 0; t < series.Rows; t++)
        {
            double[] theta = [.. Enumerable.Range(1, 4).Select(i => series[Columns.Coordinate[i]][t])];
            var flow = GradientFlow.ToMinimum(landscape, theta).Sharpness;
            rise = Math.Max(rise, flow - last);
            last = flow;

            if (t + 1 == series.Rows)
                break;
            double[] next = [.. Enumerable.Range(1, 4).Select(i => series[Columns.Coordinate[i]][t + 1])];
            var size = Roundoff.Unit * (theta.Sum(x => x * x) + next.Sum(x => x * x));
            for (var i = 0; i < 4; i++)
            for (var j = 0; j < i; j++)
                identity = Math.Max(
                    identity,
                    Math.Abs(
                        landscape.Imbalance(next, i, j)
                            - (landscape.Imbalance(theta, i, j) * landscape.ImbalanceFactor(theta, i, j, stepSize))
                    ) / size
                );
        }

        return (identity, rise);
    }

    private static ChapterFigure Figure(Dictionary<int, SeriesTable> grids)
    {
        var plot = PlotStyle.Create(
            "Final sharpness against step size",
            "step size over threshold, η S(start) / 2",
            "final S / N",
            logY: true
        );
        foreach (var n in Depths)
        {
            var grid = grids[n];
            var rows = AtMinimum(grid).ToArray();
            plot.AddPoints(
                $"N = {n}",
                [.. rows.Select(i => grid[Columns.StepSize][i] / Threshold(n))],
                [.. rows.Select(i => grid[Columns.Sharpness][i] / n)]
            );
        }

        plot.AddHorizontal("balanced minimum", 1).AddVertical("threshold", 1);
        return new ChapterFigure("depth-sharpness", [plot], 68);
    }

    private static ChapterFigure FlowFigure(SeriesTable series)
    {
        var landscape = new ScalarProduct(4);
        int[] rows = [.. Enumerable.Range(0, 41)];
        double[] flow =
        [
            .. rows.Select(t =>
                GradientFlow
                    .ToMinimum(landscape, [.. Enumerable.Range(1, 4).Select(i => series[Columns.Coordinate[i]][t])])
                    .Sharpness
            ),
        ];
        var plot = PlotStyle
            .Create("Sharpness along a run, N = 4", Columns.Step.Label, Columns.Sharpness.Label)
            .AddLine("here", [.. rows.Select(t => (double)t)], [.. rows.Select(t => series[Columns.Sharpness][t])])
            .AddLine("at the minimum that flow would reach from here", [.. rows.Select(t => (double)t)], flow)
            .AddHorizontal("edge 2/η", 2 / Followed.StepSize.Constant);
        return new ChapterFigure("depth-flow", [plot], 55);
    }
}
