using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(6.3), (6.4): the catapult of the UV model, and the minimum at the edge of Zhu's quartic.</summary>
internal sealed class EdgeMinima : Chapter
{
    private static readonly double[] CatapultStart = [1, 1, 0.02, -0.01];

    private static readonly Statement Regions = new(
        "catapult-regions",
        "Lazy for ηλ < 2, catapult for 2 < ηλ < 4, divergent above 4.",
        "(6.3) R: Lewkowycz et al."
    );
    private static readonly Statement Lazy = new(
        "catapult-lazy",
        "Where it is lazy the kernel λ hardly changes.",
        "(6.3) R: Lewkowycz et al."
    );
    private static readonly Statement Thrown = new(
        "catapult-flat",
        "Where it catapults, λ ends below the edge 2/η.",
        "(6.3) R: Lewkowycz et al."
    );
    private static readonly Statement Zhu = new(
        "zhu-edge",
        "On ¼(1 − x²y²)² descent from a sharp start converges to a minimum near the edge: S = 2/η.",
        "(6.4) R: Zhu et al."
    );

    private static readonly Statement ZhuNext = new(
        "zhu-next-order",
        "More precisely it ends inside the edge by η²/4: ηS/2 = 1 − η²/4 + O(η⁴).",
        "(6.4) next order, D"
    );

    public override string Title => "The catapult, and the minimum at the edge";

    public override IReadOnlyList<Statement> Statements { get; } = [Regions, Lazy, Thrown, Zhu, ZhuNext];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [CatapultGrid(settings), ZhuGrid(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var (catapult, zhu) = (records[CatapultGrid(settings)].Series, records[ZhuGrid(settings)].Series);
        var (wrong, change, thrown) = (0, double.NaN, double.NaN);
        for (var i = 0; i < catapult.Rows; i++)
        {
            var (stepSize, kernel) = (catapult[Columns.StepSize][i], EndKernel(catapult, i));
            var product = stepSize * Kernel;
            if (Math.Abs(product - 2) < 0.02 || Math.Abs(product - 4) < 0.02)
                continue; // on the border itself either is right
            var diverged = (StopReason)catapult[GridColumns.Reason][i] == StopReason.Diverged;
            var lazy = !diverged && Math.Abs((kernel / Kernel) - 1) < 0.05;
            var caught = !diverged && stepSize * kernel < 2;
            if (
                product switch
                {
                    < 2 => !lazy,
                    < 4 => !caught || lazy && product > 2.2,
                    _ => !diverged,
                }
            )
                wrong++;
            if (diverged)
                continue;
            if (product < 1.95)
                change = Axes.Larger(change, Math.Abs((kernel / Kernel) - 1));
            if (product > 2)
                thrown = Axes.Larger(thrown, stepSize * kernel);
        }

        var edge = ZhuRows(zhu)
            .Select(i => StabilityNumber.Of(zhu[Columns.StepSize][i], zhu[Columns.Sharpness][i]))
            .ToArray();
        var next = ZhuRows(zhu)
            .Select(i =>
                (1 - StabilityNumber.Of(zhu[Columns.StepSize][i], zhu[Columns.Sharpness][i]))
                * 4
                / Math.Pow(zhu[Columns.StepSize][i], 2)
            )
            .ToArray();
        var mean = MathNet.Numerics.Statistics.Statistics.Mean(edge);
        return new ChapterResult(
            [
                Regions.Judge(
                    Relation.Equal,
                    0,
                    wrong,
                    0,
                    "a count",
                    $"runs of {catapult.Rows} outside their region: λ within 5 % below 2, ended below the edge from 2 to 4, diverged above"
                ),
                Lazy.Judge(
                    Relation.Equal,
                    0,
                    change,
                    0.01,
                    "the output starts at 0.007",
                    "largest relative change of λ for ηλ < 1.95"
                ),
                Thrown.Judge(
                    Relation.AtMost,
                    2,
                    thrown,
                    1e-6,
                    "slow convergence at the edge",
                    "largest final ηλ for 2 < ηλ < 4"
                ),
                Zhu.Judge(
                    Relation.Equal,
                    1,
                    mean,
                    0.05,
                    "5 %, as “near the edge”",
                    "mean final ηS/2 past the threshold"
                ),
                ZhuNext.Judge(
                    Relation.Equal,
                    1,
                    MathNet.Numerics.Statistics.Statistics.Mean(next),
                    0.16,
                    "the next order, 8η² of it at η = 0.14",
                    "mean of (1 − ηS/2)/(η²/4) past the threshold"
                ),
            ],
            [CatapultFigure(catapult), ZhuFigure(zhu)],
            [
                $"The regions of the catapult are exact. On the quartic {edge.Length} runs past the threshold converged, with ηS/2 from {Claim.Format(edge.Min())} to {Claim.Format(edge.Max())}: {(edge.Min() > 0.95 ? "at the edge" : "inside the edge, and how far inside depends on the step size: the minimum at the edge is where a slow approach ends, not where every instability does")}.",
            ]
        );
    }

    private static GridSpec CatapultGrid(ReportSettings settings) =>
        new(
            LandscapeChoice.Of("catapult", ("width", "2")),
            Axes.Linear(0.5 / Kernel, 4.5 / Kernel, settings.Paper ? 241 : 121),
            [CatapultStart],
            50_000,
            1e-9
        );

    private static GridSpec ZhuGrid(ReportSettings settings) =>
        new(
            LandscapeChoice.Of("zhu-quartic"),
            Axes.Linear(0.05, 0.14, settings.Paper ? 181 : 91),
            [
                [3.2, 0.3128],
            ],
            200_000,
            1e-9
        );

    private static double Kernel => CatapultStart.Sum(x => x * x) / 2;

    private static double EndKernel(SeriesTable series, int row) =>
        Enumerable.Range(1, 4).Sum(i => series[Columns.Coordinate[i]][row] * series[Columns.Coordinate[i]][row]) / 2;

    private static IEnumerable<int> ZhuRows(SeriesTable zhu) =>
        Enumerable
            .Range(0, zhu.Rows)
            .Where(i =>
                (StopReason)zhu[GridColumns.Reason][i] == StopReason.Converged
                && zhu[Columns.StepSize][i] * zhu[GridColumns.InitialSharpness][i] > 2.02
            );

    private static ChapterFigure CatapultFigure(SeriesTable series)
    {
        double[] x = [.. series[Columns.StepSize].Select(h => h * Kernel)];
        var rows = Enumerable
            .Range(0, series.Rows)
            .Where(i => (StopReason)series[GridColumns.Reason][i] != StopReason.Diverged)
            .ToArray();
        var plot = PlotStyle
            .Create("Kernel after training", "ηλ at the start", "ηλ at the end")
            .AddPoints(
                "gradient descent",
                [.. rows.Select(i => x[i])],
                [.. rows.Select(i => series[Columns.StepSize][i] * EndKernel(series, i))]
            )
            .AddLine("no change (lazy)", [0.5, 4], [0.5, 4])
            .AddHorizontal("edge", 2)
            .AddVertical("catapult begins", 2)
            .AddVertical("divergence", 4);
        return new ChapterFigure("catapult", [plot], 62);
    }

    private static ChapterFigure ZhuFigure(SeriesTable series)
    {
        var rows = Enumerable
            .Range(0, series.Rows)
            .Where(i => (StopReason)series[GridColumns.Reason][i] == StopReason.Converged)
            .ToArray();
        var plot = PlotStyle
            .Create("Final sharpness on Zhu's quartic", Columns.StepSize.Label, "final sharpness S")
            .AddPoints(
                "gradient descent",
                [.. rows.Select(i => series[Columns.StepSize][i])],
                [.. rows.Select(i => series[Columns.Sharpness][i])]
            )
            .AddLine("edge 2/η", series.Array(Columns.StepSize), [.. series[Columns.StepSize].Select(h => 2 / h)])
            .AddHorizontal("at the start", series[GridColumns.InitialSharpness][0]);
        return new ChapterFigure("zhu-quartic", [plot], 62);
    }
}
