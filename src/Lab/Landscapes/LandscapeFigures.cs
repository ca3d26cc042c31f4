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
                    "sharpness",
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
            ("loss", Make(run, "loss", true, [("L", Columns.Loss, "line", 0)])),
            ("rotation", Make(run, "rotation of v₁, degrees a step", false, [("rotation", Columns.Rotation[1], "line", 0)])),
            ("trailing", Make(run, "smallest eigenvalue, λ_neg below 0", false, [("λ min", Columns.TrailingEigenvalue, "line", 0)])),
            ("third", Make(run, "third moment m₃", false, [("m₃", Columns.ThirdMoment, "line", 0)])),
            ("fourth", Make(run, "fourth moment m₄", false, [("m₄", Columns.FourthMoment, "line", 0)])),
        ];
        if (run.Series.Has(OwnColumns.Polarity))
            figures.Insert(2, ("polarity", Make(run, "polarity γ_β", true, [("γ", OwnColumns.Polarity, "line", 0)])));
        if (run.Series.Has(OwnColumns.Imbalance))
            figures.Add(("imbalance", Make(run, "imbalance", false, [("D", OwnColumns.Imbalance, "line", 0)])));
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

    private static Figure Make(
        LandscapeRun run,
        string label,
        bool log,
        IReadOnlyList<(string Name, string Column, string Style, int Colour)> curves
    ) =>
        new(
            label,
            "step",
            label,
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
