using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(3.8), (3.9), (8.2): the Goldilocks zone of step sizes on a two-parameter network with squared error.</summary>
internal sealed class Goldilocks : Chapter
{
    private static readonly double[][] Starts =
    [
        [0.3, 3.3],
        [0.7, 1.5],
    ];
    private static readonly TwoParameterNetwork<SquaredErrorLink> Network = new(new SquaredErrorLink(1));

    private static readonly Statement Lower = new(
        "goldilocks-lower",
        "The zone begins at the ordinary threshold 2/φ: below it the run ends where flow does.",
        "(3.8) D"
    );
    private static readonly Statement Thrown = new(
        "goldilocks-upper-sharp",
        "From a sharp start it ends at 4/φ, where the catapult diverges.",
        "(6.3) D, at y = 1"
    );
    private static readonly Statement Upper = new(
        "goldilocks-upper-flat",
        "From a flat start (φ < 4) it ends at 2 over the least sharpness, 2/2 = 1: beyond, no minimum is stable.",
        "(3.9) D"
    );
    private static readonly Statement Inside = new(
        "goldilocks-flat",
        "Within the zone every converged run is at or inside the edge, ηS/2 ≤ 1.",
        "(1.2) D"
    );

    public override string Title => "The Goldilocks zone";

    public override IReadOnlyList<Statement> Statements { get; } = [Lower, Thrown, Upper, Inside];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [Grid(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var grid = records[Grid(settings)].Series;
        double[] phi = [.. Starts.Select(start => Network.State(start).FlowSharpness(1, 1))];
        var spacing = StepSizes(settings)[1] - StepSizes(settings)[0];
        int[][] converged =
        [
            .. Starts.Select(
                (_, s) =>
                    Enumerable
                        .Range(0, grid.Rows)
                        .Where(i =>
                            grid[GridColumns.Start][i] == s
                            && (StopReason)grid[GridColumns.Reason][i] == StopReason.Converged
                        )
                        .ToArray()
            ),
        ];
        double Largest(int start) =>
            converged[start].Select(i => grid[Columns.StepSize][i]).DefaultIfEmpty(double.NaN).Max();
        var lower = converged[0]
            .Where(i => grid[Columns.Sharpness][i] < 0.98 * phi[0])
            .Select(i => grid[Columns.StepSize][i])
            .DefaultIfEmpty(double.NaN)
            .Min();
        return new ChapterResult(
            [
                Lower.Judge(
                    Relation.Equal,
                    2 / phi[0],
                    lower,
                    (0.02 * 2 / phi[0]) + spacing,
                    "2 % of φ lost, and the grid's spacing",
                    "smallest η whose run ends 2 % below φ, sharp start"
                ),
                Thrown.Judge(
                    Relation.Equal,
                    4 / phi[0],
                    Largest(0),
                    (0.02 * 4 / phi[0]) + spacing,
                    "2 % for a start off the floor, and the grid's spacing",
                    "largest η that converges, sharp start"
                ),
                Upper.Judge(
                    Relation.Equal,
                    1,
                    Largest(1),
                    2 * spacing,
                    "the grid's spacing, and slow convergence at its end",
                    "largest η that converges, flat start"
                ),
                Inside.Judge(
                    Relation.AtMost,
                    1,
                    converged
                        .SelectMany(c => c)
                        .Max(i => StabilityNumber.Of(grid[Columns.StepSize][i], grid[Columns.Sharpness][i])),
                    1e-6,
                    "slow convergence at the edge",
                    "largest final ηS/2, both starts"
                ),
            ],
            [Figure(grid, phi)],
            [
                $"From the sharp start the zone found is η from {Claim.Format(lower)} to {Claim.Format(Largest(0))}, against {Claim.Format(2 / phi[0])} to {Claim.Format(4 / phi[0])} predicted; within it the final sharpness falls from {Claim.Format(phi[0])} to {Claim.Format(converged[0].Min(i => grid[Columns.Sharpness][i]))}. From the flat start it reaches to {Claim.Format(Largest(1))}.",
                "A first form of this chapter took 2/S_min as the end of the zone from any start; the sharp start refuted it (it ends at 0.36, not at 1), and the catapult's bound took its place.",
            ]
        );
    }

    private static GridSpec Grid(ReportSettings settings) =>
        new(
            LandscapeChoice.Of("two-parameter-network", ("link", "squared-error"), ("target", "1")),
            StepSizes(settings),
            Starts,
            100_000,
            1e-10
        );

    private static double[] StepSizes(ReportSettings settings) => Axes.Linear(0.02, 1.22, settings.Paper ? 481 : 241);

    private static ChapterFigure Figure(SeriesTable grid, double[] phi)
    {
        int[] Where(int start, StopReason reason) =>
            [
                .. Enumerable
                    .Range(0, grid.Rows)
                    .Where(i =>
                        grid[GridColumns.Start][i] == start && (StopReason)grid[GridColumns.Reason][i] == reason
                    ),
            ];
        double[] Column(string name, int[] rows) => [.. rows.Select(i => grid[name][i])];
        var sharpness = PlotStyle.Create("Final sharpness", Columns.StepSize.Label, "final sharpness S");
        var loss = PlotStyle.Create("Final loss", Columns.StepSize.Label, "final loss L", logY: true);
        foreach (var (start, name) in new[] { (0, "sharp start"), (1, "flat start") })
        {
            int[] converged = Where(start, StopReason.Converged),
                wandering = Where(start, StopReason.StepLimit);
            sharpness.AddPoints(name, Column(Columns.StepSize, converged), Column(Columns.Sharpness, converged));
            loss.AddPoints(
                $"{name}, converged",
                Column(Columns.StepSize, converged),
                [.. Column(Columns.Loss, converged).Select(l => Math.Max(l, 1e-22))]
            );
            if (wandering.Length > 0)
                loss.AddPoints(
                    $"{name}, never settles",
                    Column(Columns.StepSize, wandering),
                    Column(Columns.Loss, wandering)
                );
        }

        sharpness.AddLine(
            "edge 2/η",
            grid.Array(Columns.StepSize),
            [.. grid[Columns.StepSize].Select(h => 2 / h < 1.3 * phi[0] ? 2 / h : double.NaN)]
        );
        foreach (var plot in new[] { sharpness, loss })
            plot.AddVertical("2/φ, sharp start", 2 / phi[0])
                .AddVertical("4/φ, sharp start", 4 / phi[0])
                .AddVertical("2/S_min = 1", 1);
        return new ChapterFigure("goldilocks", [sharpness, loss], 88);
    }
}
