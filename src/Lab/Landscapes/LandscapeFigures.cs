using System.Globalization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Lab.Drawing;

namespace FlatBias.Lab.Landscapes;

/// <summary>The charts beside the map: what a run has, each with its cursor.</summary>
internal static class LandscapeFigures
{
    public const string Group = "run";

    /// <summary>The charts by the name of their element.</summary>
    public static IReadOnlyList<(string Element, Figure Figure)> Of(LandscapeRun run)
    {
        var preconditioned = run.Series.Has(Columns.EffectiveSharpness);
        var edge = run.Optimiser == OptimiserSpec.GradientDescent ? "edge 2/η" : "edge of the rule";
        List<(string, Figure)> figures =
        [
            (
                "sharpness",
                Make(
                    run,
                    ("sharpness", "S"),
                    false,
                    [
                        ("S", Columns.Sharpness, "line", 0),
                        .. preconditioned
                            ? [("S effective", Columns.EffectiveSharpness, "line", 2)]
                            : Array.Empty<(string, string, string, int)>(),
                        (edge, OwnColumns.Edge, "dash", 1),
                    ]
                )
            ),
            ("loss", One(run, ("loss", "L"), Columns.Loss, log: true)),
            ("rotation", One(run, ("rotation of v₁ a step", "degrees"), Columns.Rotation[1])),
            ("trailing", One(run, ("smallest eigenvalue, λ_neg where below 0", "λ min"), Columns.TrailingEigenvalue)),
            ("third", One(run, ("third moment", "m₃"), Columns.ThirdMoment)),
            ("fourth", One(run, ("fourth moment", "m₄"), Columns.FourthMoment)),
        ];
        if (run.Series.Has(OwnColumns.Polarity))
            figures.Insert(2, ("polarity", One(run, ("rotational polarity", "γ_β"), OwnColumns.Polarity)));
        if (run.Series.Has(OwnColumns.Imbalance))
            figures.Add(("imbalance", One(run, ("imbalance", "D"), OwnColumns.Imbalance)));
        return figures;
    }

    /// <summary>What the run came to, in a sentence.</summary>
    public static string Ending(LandscapeRun run)
    {
        var steps = run.Series.Rows - 1;
        var counted = steps == 1 ? "1 step" : $"{steps} steps";
        var sharpness = run.Series[Columns.Sharpness][^1].ToString("G6", CultureInfo.InvariantCulture);
        return run.Reason switch
        {
            StopReason.Diverged => $"The run diverged after {counted}; it is drawn as far as it goes.",
            StopReason.Converged => $"Converged after {counted}, at sharpness {sharpness}.",
            _ => $"{counted} made, to sharpness {sharpness}.",
        };
    }

    private static Figure One(LandscapeRun run, (string Title, string Axis) label, string column, bool log = false) =>
        Make(run, label, log, [(label.Axis, column, "line", 0)]);

    private static Figure Make(
        LandscapeRun run,
        (string Title, string Axis) label,
        bool log,
        IReadOnlyList<(string Name, string Column, string Style, int Colour)> curves
    ) =>
        new(
            label.Title,
            "step",
            label.Axis,
            [
                .. curves.Select(curve => new Curve(
                    curve.Name,
                    run.Series[Columns.Step],
                    run.Series[curve.Column],
                    curve.Style,
                    curve.Colour
                )),
            ]
        )
        {
            LogY = log,
            Group = Group,
        };
}
