using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>Section 4: the curvature-moment system against gradient descent on polynomial valleys, and its energy picture (4.5).</summary>
internal sealed class CurvatureMoments : Chapter
{
    // The cycle's valley: V = -(alpha/b) phi, m_2 = 2/eta + b phi, one coordinate along the floor; a_2 = alpha, G_22 = b^2 = beta.
    private const double StepSize = 0.5,
        Alpha = 2e-3,
        Beta = 1,
        Excursion = 1.15;

    private static readonly Statement Exact = new(
        "moment-map-exact",
        "Gradient descent in all dimensions is the (K+2)-dimensional moment map, to rounding.",
        "(4.1), (4.2) D"
    );
    private static readonly Statement OddMoments = new(
        "moment-map-truncation",
        "Leaving out m₃ and m₄ makes the forecast of u worse.",
        "(4.4) D"
    );
    private static readonly Statement Period = new(
        "cycle-period",
        "Near the centre of the cycle the period is 2π/(η√(2α)) steps.",
        "(4.5) D"
    );
    private static readonly Statement Growth = new(
        "cycle-growth",
        "The map's cycle is not closed: small oscillations grow by exp(πη√(2α)) a cycle, the multiplier of the map at the centre.",
        "(4.4) D"
    );

    public override string Title => "The curvature-moment system";

    public override IReadOnlyList<Statement> Statements { get; } = [Exact, OddMoments, Period, Growth];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [Forecast, Cycle(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var forecast = records[Forecast].Series;
        var (exact, truncated) = (Error(forecast, 4), Error(forecast, 2));
        var (x, y) = Orbit(records[Cycle(settings)].Series);
        var crossings = Crossings(y);
        var cycles = (crossings.Count - 1) / 2;
        var period = (crossings[2 * cycles] - crossings[0]) / cycles;
        var predicted = 2 * Math.PI / (StepSize * Math.Sqrt(2 * Alpha));
        var growth = MeasuredGrowth(y, crossings);
        return new ChapterResult(
            [
                Exact.Judge(
                    Relation.Equal,
                    0,
                    exact,
                    1e-11,
                    "rounding amplified by at most 10⁴ over 120 steps",
                    "largest error of u over largest |u|, K = 4"
                ),
                OddMoments.Judge(
                    Relation.AtLeast,
                    0.01,
                    truncated,
                    0,
                    "worse than 1 % of the peak",
                    "largest error of u over largest |u|, K = 2"
                ),
                Period.Judge(
                    Relation.Equal,
                    predicted,
                    period,
                    0.03 * predicted,
                    "amplitude of log x squared, over 6",
                    "mean period",
                    unit: "steps"
                ),
                Growth.Judge(
                    Relation.Equal,
                    Math.Exp(Math.PI * StepSize * Math.Sqrt(2 * Alpha)),
                    growth,
                    0.02,
                    "amplitude and η² corrections",
                    "mean growth of the amplitude a cycle"
                ),
            ],
            [ForecastFigure(forecast), CycleFigure(x, y)],
            [
                $"With all four moments the largest error is {Claim.Format(exact)} of the largest |u|: the map is descent itself. With K = 2 it is {Claim.Format(truncated)}. The cycle takes {Claim.Format(period)} steps against {Claim.Format(predicted)} predicted, and its amplitude grows by a factor {Claim.Format(growth)} a cycle: with an even valley and no damping term the discreteness of the steps feeds the oscillation, it does not calm it.",
            ]
        );
    }

    /// <summary>The valley with four moments, forecast from its first point.</summary>
    private static ValleyForecastSpec Forecast { get; } =
        new(
            LandscapeChoice.Of(
                "polynomial-valley",
                ("slope", "-0.05,0.02,0"),
                ("moments", "4.1,1.5,-3"),
                ("gradients", "1,0.2,-0.3,0.4,-0.5,0.2,-0.3,0.1,0.6")
            ),
            [0.01, 0, 0, 0],
            4,
            ["moment-map-2", "moment-map-3", "moment-map-4"],
            StepSize,
            120
        );

    /// <summary>The valley with two moments, which cycles around the edge.</summary>
    private static SimulationSpec Cycle(ReportSettings settings) =>
        new(
            LandscapeChoice.Of(
                "polynomial-valley",
                ("slope", Text(-Alpha)),
                ("moments", Text(2 / StepSize)),
                ("gradients", Text(Math.Sqrt(Beta)))
            ),
            [Excursion * Math.Sqrt(2 * Alpha / Beta), 0],
            StepSize
        )
        {
            Steps = settings.Paper ? 2000 : 1000,
        };

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static double Error(SeriesTable series, int order)
    {
        var scale = series[Columns.Displacement].Max(Math.Abs);
        return series[Columns.Displacement]
            .Zip(
                series[Columns.Forecast($"moment-map-{order}", Columns.Displacement)],
                (a, b) => Math.Abs(a - b) / scale
            )
            .Max();
    }

    /// <summary>x_t = (-1)^t u_t and y = m_2 - 2/eta along the cycle's run.</summary>
    private static (double[] X, double[] Y) Orbit(SeriesTable series) =>
        (
            [.. series[Columns.Coordinate[1]].Select((u, t) => t % 2 == 0 ? u : -u)],
            [.. series[Columns.Coordinate[2]].Select(phi => Math.Sqrt(Beta) * phi)]
        );

    /// <summary>Times at which y crosses zero, interpolated.</summary>
    private static List<double> Crossings(double[] y)
    {
        var times = new List<double>();
        for (var t = 1; t < y.Length; t++)
            if (y[t - 1] < 0 != y[t] < 0)
                times.Add(t - 1 + (y[t - 1] / (y[t - 1] - y[t])));
        return times;
    }

    /// <summary>The mean factor by which the largest |y| between crossings grows in a cycle, over the whole run.</summary>
    private static double MeasuredGrowth(double[] y, List<double> crossings)
    {
        var amplitudes = new List<double>();
        for (var i = 0; i + 2 < crossings.Count; i += 2)
        {
            var (from, to) = ((int)crossings[i] + 1, (int)crossings[i + 2]);
            amplitudes.Add(y[from..to].Max() - y[from..to].Min());
        }

        return Math.Pow(amplitudes[^1] / amplitudes[0], 1.0 / (amplitudes.Count - 1));
    }

    private static ChapterFigure ForecastFigure(SeriesTable series)
    {
        var steps = series.Array(Columns.Step);
        var paths = PlotStyle
            .Create("Curvature along u", Columns.Step.Label, Columns.Curvature.Label)
            .AddPoints("gradient descent", steps, series.Array(Columns.Curvature))
            .AddForecast("moment map, K = 4", series, Columns.Forecast("moment-map-4", Columns.Sharpness))
            .AddForecast("moment map, K = 2", series, Columns.Forecast("moment-map-2", Columns.Sharpness))
            .AddHorizontal("2/η", 2 / StepSize);
        var errors = PlotStyle.Create(
            "Error of the forecast of u",
            Columns.Step.Label,
            "|error| / largest |u|",
            logY: true
        );
        var scale = series[Columns.Displacement].Max(Math.Abs);
        foreach (var order in new[] { 2, 3, 4 })
            errors.AddTheory(
                $"moment-map-{order}",
                $"K = {order}",
                steps,
                [
                    .. series[Columns.Displacement]
                        .Zip(
                            series[Columns.Forecast($"moment-map-{order}", Columns.Displacement)],
                            (a, b) => Math.Abs(a - b) / scale
                        ),
                ]
            );
        return new ChapterFigure("moment-map", [paths, errors], 66);
    }

    private static ChapterFigure CycleFigure(double[] x, double[] y)
    {
        var plot = PlotStyle
            .Create("The cycle around the edge", "oscillation amplitude x", "y = m₂ − 2/η")
            .AddLine("gradient descent", x, y, thickness: 0.8);
        var centre = Math.Sqrt(2 * Alpha / Beta);
        foreach (var start in new[] { Excursion, 1.6, 2.2 })
        {
            var (level, name) = (Level(start * centre), start == Excursion ? "flow, E constant (4.5)" : "");
            plot.AddLine(name, level.X, level.Y, OxyPlot.OxyColors.Gray, OxyPlot.LineStyle.Dash);
        }

        plot.AddPoints("centre x² = 2α/β", [centre], [0], size: 4);
        return new ChapterFigure("moment-cycle", [plot], 58);
    }

    /// <summary>The closed curve E(x, y) = E(start, 0), upper half and back along the lower.</summary>
    private static (double[] X, double[] Y) Level(double start)
    {
        static double Potential(double x) => (Beta * x * x / 4) - (Alpha * Math.Log(x));
        var energy = Potential(start);
        var centre = Math.Sqrt(2 * Alpha / Beta);
        var inner = MathNet.Numerics.RootFinding.Brent.FindRoot(x => Potential(x) - energy, centre * 1e-6, centre);
        var xs = Enumerable
            .Range(0, 201)
            .Select(i => ((start + inner) / 2) - ((start - inner) / 2 * Math.Cos(Math.PI * i / 200)))
            .ToArray();
        var ys = xs.Select(v => Math.Sqrt(Math.Max(0, 2 * (energy - Potential(v))))).ToArray();
        return ([.. xs, .. xs.Reverse()], [.. ys, .. ys.Reverse().Select(v => -v)]);
    }
}
