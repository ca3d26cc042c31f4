using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>Section 2, the null model: a quadratic diverges past the threshold and shows nothing else.</summary>
internal sealed class QuadraticThreshold : Chapter
{
    private const string Eigenvalues = "2,1.1,0.5,0.1";
    private const double Sharpness = 2;

    // Step sizes, in units of 1/lambda_1, of the two runs whose paths are held against the closed form.
    private static readonly double[] FollowedProducts = [1.9, 2.1];

    private static readonly double[][] Starts =
    [
        [1, 1, 1, 1],
        [-0.3, 0.8, 1.2, -0.5],
        [0.01, 2, -1, 0.3],
    ];

    private static readonly Statement Threshold = new(
        "threshold",
        "On a quadratic, gradient descent diverges if and only if ηλ₁ > 2.",
        "(2.1)"
    );
    private static readonly Statement Exact = new(
        "quadratic-exact",
        "Its path is θₜ − c = (I − ηA)ᵗ (θ₀ − c), to rounding.",
        "(2.1)"
    );
    private static readonly Statement NoRotation = new(
        "null-rotation",
        "Its Hessian never turns: the measured rotation of v₁ is exactly zero.",
        "(2.1), (1.6)"
    );
    private static readonly Statement NoMoments = new(
        "null-moments",
        "It has no curvature moments beyond the second: |m₃| + |m₄| is exactly zero.",
        "(2.1), (1.3)"
    );

    public override string Title => "The threshold on quadratics";

    public override IReadOnlyList<Statement> Statements { get; } = [Threshold, Exact, NoRotation, NoMoments];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [Grid(settings), .. Followed(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var bowl = (QuadraticBowl)Bowl(settings).Build();
        var grid = records[Grid(settings)].Series;
        var wrong = 0;
        for (var i = 0; i < grid.Rows; i++)
        {
            var diverged = (StopReason)grid[GridColumns.Reason][i] == StopReason.Diverged;
            if (diverged != grid[Columns.StepSize][i] * Sharpness > 2)
                wrong++;
        }

        var (error, rotation, moments) = (0.0, 0.0, 0.0);
        foreach (var spec in Followed(settings))
        {
            var series = records[spec].Series;
            for (var row = 0; row < series.Rows; row++)
            {
                var exact = bowl.Exact(spec.Start, spec.StepSize.Constant, (int)series[Columns.Step][row]);
                var size = Math.Sqrt(exact.Sum(x => x * x));
                for (var i = 0; i < exact.Length; i++)
                    error = Math.Max(error, Math.Abs(series[Columns.Coordinate[i + 1]][row] - exact[i]) / size);
                moments = Math.Max(
                    moments,
                    Math.Abs(series[Columns.ThirdMoment][row]) + Math.Abs(series[Columns.FourthMoment][row])
                );
                if (row > 0)
                    rotation = Math.Max(rotation, series[Columns.Rotation[1]][row]);
            }
        }

        return new ChapterResult(
            [
                Threshold.Judge(
                    Relation.Equal,
                    0,
                    wrong,
                    0,
                    "a count",
                    $"runs of {grid.Rows} that ended on the wrong side"
                ),
                Exact.Judge(
                    Relation.Equal,
                    0,
                    error,
                    60 * 4 * 8 * Roundoff.Unit,
                    "60 steps of 4-term sums, 8 roundings of u = 1.1e−16 each",
                    "largest relative error over 60 steps"
                ),
                NoRotation.Judge(Relation.Equal, 0, rotation, 0, "exact", "largest rotation reported", unit: "°"),
                NoMoments.Judge(Relation.Equal, 0, moments, 0, "exact", "largest |m₃| + |m₄|"),
            ],
            [Figure(bowl, grid)],
            [
                $"All {grid.Rows} runs were run to |g| ≤ 1e−8 or to a loss a million times the first; {(wrong == 0 ? "every one ended on the side that ηλ₁ predicts" : $"{wrong} ended on the wrong side")}. The rotation is zero because no measured angle exceeded its noise floor (residual over gap), as it must on a constant Hessian.",
            ]
        );
    }

    private static GridSpec Grid(ReportSettings settings) =>
        new(
            Bowl(settings),
            [.. Axes.Linear(1.5125, 2.4875, settings.Paper ? 80 : 40).Select(product => product / Sharpness)],
            Starts,
            20_000,
            1e-8
        );

    private static IEnumerable<SimulationSpec> Followed(ReportSettings settings) =>
        FollowedProducts.Select(product => new SimulationSpec(Bowl(settings), Starts[0], product / Sharpness)
        {
            Steps = 60,
        });

    private static LandscapeChoice Bowl(ReportSettings settings) =>
        LandscapeChoice.Of(
            "quadratic",
            ("eigenvalues", Eigenvalues),
            ("basis-seed", settings.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture))
        );

    private static ChapterFigure Figure(QuadraticBowl bowl, Dynamics.Observables.SeriesTable grid)
    {
        double[] x = [.. grid[Columns.StepSize].Select(h => h * Sharpness)];
        var rate = new double[grid.Rows];
        for (var i = 0; i < grid.Rows; i++)
        {
            var first = bowl.Loss(Starts[(int)grid[GridColumns.Start][i]]);
            rate[i] = Math.Exp(Math.Log(grid[Columns.Loss][i] / first) / (2 * grid[GridColumns.Steps][i]));
        }

        var fine = Axes.Linear(1.5, 2.5, 201);
        double[] values = [2, 1.1, 0.5, 0.1];
        double[] predicted = [.. fine.Select(h => values.Max(v => Math.Abs(1 - (h * v / Sharpness))))];
        var plot = PlotStyle
            .Create("Growth per step", "ηλ₁ (step size × sharpness)", "growth of |θ − c| per step")
            .AddLine("predicted, max |1 − ηλᵢ|", fine, predicted)
            .AddPoints("measured, mean over the run, three starts", x, rate)
            .AddHorizontal("neither grows nor decays", 1)
            .AddVertical("threshold ηλ₁ = 2", 2);
        return new ChapterFigure("quadratic-threshold", [plot], 85);
    }
}
