using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Vectors;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Viewing;

/// <summary>
/// The edge of stability of a run as a value of its sharpness, eqs. (1.2), (7.1), (7.5): E (1/eta - w/2) with E the
/// edge of the
/// update rule, 2 for gradient descent, and w the weight decay. Of a rule with a preconditioner it is one of the
/// effective
/// sharpness.
/// </summary>
/// <param name="Factor">E.</param>
/// <param name="Decay">w.</param>
/// <param name="Sharpness">The column that it is an edge of.</param>
internal sealed record Edge(double Factor, double Decay, string Sharpness)
{
    /// <summary>The edge of a kind of run, whatever its step size.</summary>
    public static Edge Of(RunSpec spec)
    {
        var optimiser = spec is SimulationSpec simulation
            ? simulation.Optimiser
            : spec.Network?.Optimiser ?? OptimiserSpec.GradientDescent;
        using var rule = optimiser.Create(new DenseSpace(1));
        return new Edge(rule.Edge, rule.Decay, rule.IsPreconditioned ? Columns.EffectiveSharpness : Columns.Sharpness);
    }

    /// <summary>Whether it is that of plain gradient descent, 2 / eta.</summary>
    public bool IsPlain => Factor == 2 && Decay == 0;

    /// <summary>The edge at each row; NaN where the step size is 0.</summary>
    public double[] Along(SeriesTable series) =>
        series.Has(Columns.StepSize)
            ? [.. series[Columns.StepSize].Select(stepSize => stepSize > 0 ? At(stepSize) : double.NaN)]
            : [.. Enumerable.Repeat(double.NaN, series.Rows)];

    private double At(double stepSize) => Factor * ((1 / stepSize) - (Decay / 2));
}
