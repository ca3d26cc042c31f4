using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>
/// A made-up trial of an instability: a run, and forecasts that are off by given errors at every step. Each number has
/// a statement of the two chapters on forecasts that hangs on it alone; as they stand, all are confirmed.
/// </summary>
internal sealed record MadeUpTrial
{
    public const string Memory = "memory-map-4",
        Ours = "memory-map-4-cubic",
        Rival = "two-step-flow",
        Swing = "memory-map-6-cubic";

    // So many rows has a trial of the chapter.
    private const int Rows = 151;

    /// <summary>
    /// Errors of the forecast by memory: of S relative, of u to its peak, of L to its range, of the rotation in
    /// degrees.
    /// </summary>
    public double Sharpness { get; init; } = 0.004;

    public double Displacement { get; init; } = 0.02;

    public double Loss { get; init; } = 0.01;

    public double Rotation { get; init; } = 0.6;

    /// <summary>By what removing memory, and removing rotation, multiplies its error of S.</summary>
    public double WithoutMemory { get; init; } = 12;

    public double WithoutRotation { get; init; } = 4;

    /// <summary>By what leaving out the cubic coupling multiplies the error of the rotation.</summary>
    public double WithoutCubic { get; init; } = 2;

    /// <summary>Errors of the forecast by memory with cubic coupling, and the rival's of S over its.</summary>
    public double OurSharpness { get; init; } = 0.003;

    public double OurDisplacement { get; init; } = 0.015;

    public double RivalOverOurs { get; init; } = 2;

    /// <summary>The row from which on S is off by a fifth all the same; null for none.</summary>
    public int? WrongFrom { get; init; }

    public double JetCost { get; init; } = 286;

    /// <summary>The largest error of the jet against the surface; NaN where nothing could be said.</summary>
    public double TrustError { get; init; } = 0.02;

    public bool Refused { get; init; }

    /// <summary>Errors of S and u of the forecast by the collocation jet, and by what removing a mechanism multiplies the former.</summary>
    public double SwingSharpness { get; init; } = 0.001;

    public double SwingDisplacement { get; init; } = 0.01;

    public double SwingWithoutRotation { get; init; } = 4;

    public double SwingWithoutStiffness { get; init; } = 5;

    public double SwingWithoutMemory { get; init; } = 30;

    /// <summary>By what part of the run's fall of S its fall is off, beyond the error of S.</summary>
    public double SwingFlattening { get; init; }

    public double SwingCost { get; init; } = 170;

    public double SwingCheckCost { get; init; } = 30;

    /// <summary>e_S of the collocation jet; NaN where nothing could be said.</summary>
    public double SwingError { get; init; } = 0.002;

    public double Limit { get; init; } = 0.0005;

    public double SpanLimit { get; init; } = 0.03;

    /// <summary>Where |m_4| has its peak, and how high that is above its least; S comes back below the edge in row 32.</summary>
    public int MomentPeak { get; init; } = 5;

    public double MomentRange { get; init; } = 4;

    /// <summary>Whether the instability came.</summary>
    public bool Reached { get; init; } = true;

    /// <summary>Rows of a run that diverged; all for one that did not.</summary>
    public int Length { get; init; } = Rows;

    /// <summary>A theory that declined, or null.</summary>
    public string? Declined { get; init; }

    public RunRecord Record(InstabilitySpec spec)
    {
        SortedDictionary<string, string> notes = [];
        if (!Reached)
            notes["run"] = "the instability had not begun";
        if (Refused)
            notes["jet"] = "the jet misses the surface";
        if (Declined is { } name)
            notes[name] = "made up";
        var series = Reached
            ? Series()
            : SeriesTable.From([("step", [0]), ("step_size", [0.1]), ("reference", [1000])]);
        return new RunRecord(
            new RunManifest
            {
                Specification = spec,
                Versions = [],
                Machine = [],
                Reason = StopReason.StepLimit,
                Notes = notes,
            },
            series
        );
    }

    private SeriesTable Series()
    {
        double[] steps = [.. Enumerable.Range(0, Length).Select(t => (double)t)];
        // u peaks at 1 in the first row; L goes from 1 to 2.
        Dictionary<string, (double[] Run, Func<double, double> Unit)> run = new()
        {
            ["sharpness"] = ([.. steps.Select(t => 20 + (2 * Math.Cos(t / 20)))], s => s),
            ["displacement"] = ([.. steps.Select(t => Math.Cos(Math.PI * t) * Math.Exp(-t / 50))], _ => 1),
            ["loss"] = ([.. steps.Select(t => 1 + (t / (Length - 1)))], _ => 1),
            ["reference_rotation_1"] = ([.. steps.Select(t => t / 10)], _ => 1),
            ["reference_m3"] = ([.. steps.Select(t => 3 + (t / 100))], _ => 3),
        };
        var turn = Rotation / WithoutCubic;
        (string Theory, double[] Errors)[] theories =
        [
            (Memory, [Sharpness, Displacement, Loss, Rotation]),
            ("moment-map-4", [WithoutMemory * Sharpness, Displacement, Loss, Rotation]),
            ("memory-map-4-fixed", [WithoutRotation * Sharpness, Displacement, Loss, Rotation]),
            (Ours, [OurSharpness, OurDisplacement, Loss, turn]),
            ("memory-map-4-cubic-fixed", [2 * OurSharpness, OurDisplacement, Loss, turn]),
            (Swing, [SwingSharpness, SwingDisplacement]),
            ("memory-map-6-cubic-fixed", [SwingWithoutRotation * SwingSharpness, SwingDisplacement]),
            ("memory-map-6", [SwingWithoutStiffness * SwingSharpness, SwingDisplacement]),
            ("moment-map-6", [SwingWithoutMemory * SwingSharpness, SwingDisplacement]),
            (Rival, [RivalOverOurs * OurSharpness]),
            ("self-stabilization", [20 * OurSharpness]),
            ("self-stabilization-fixed", [30 * OurSharpness]),
        ];
        double[] Constant(double value) => [.. steps.Select(_ => value)];
        List<(string, double[])> columns = [("step", steps), .. run.Select(column => (column.Key, column.Value.Run))];
        columns.AddRange([
            ("step_size", Constant(0.1)),
            ("reference", Constant(1000)),
            ("jet_cost", Constant(JetCost)),
            ("m3", Constant(1)),
            ("m4", [.. steps.Select(t => -1 - ((MomentRange - 1) * Math.Exp(-Math.Pow((t - MomentPeak) / 5, 2))))]),
            ("collocation_cost", Constant(SwingCost)),
            ("predictability", Constant(Limit)),
            ("span_limit", Constant(SpanLimit)),
        ]);
        if (!double.IsNaN(SwingError))
            columns.AddRange([
                ("collocation_path", Constant(SwingError)),
                ("collocation_path_cost", Constant(SwingCheckCost)),
            ]);
        if (!double.IsNaN(TrustError))
            columns.AddRange([
                ("trust_distance", Constant(1)),
                ("trust_curvature", Constant(TrustError)),
                ("trust_feedback", Constant(0)),
                ("trust_ends", Constant(0)),
            ]);
        foreach (var (theory, errors) in theories.Where(theory => theory.Theory != Declined))
        {
            foreach (var ((column, (values, unit)), error) in run.Zip(errors))
                columns.Add(
                    (
                        $"{theory}_{column}",
                        [
                            .. values.Select(
                                (x, t) =>
                                    x
                                    + (
                                        unit(x)
                                        * (column == "sharpness" && theory == Ours && t >= WrongFrom ? 0.2 : error)
                                    )
                            ),
                        ]
                    )
                );
            if (theory == Swing)
            {
                var (fall, forecast) = (run["sharpness"].Run[0] - run["sharpness"].Run[^1], columns[^2].Item2);
                Assert.Equal($"{Swing}_sharpness", columns[^2].Item1);
                foreach (var row in new[] { Length - 2, Length - 1 })
                    forecast[row] -= SwingFlattening * fall;
            }

            columns.Add(($"{theory}_validity", Constant(0.01)));
        }

        return SeriesTable.From(columns);
    }
}
