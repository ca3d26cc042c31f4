using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Observables;

/// <summary>What a measurement cost, as the difference of two readings of a surface's ledger.</summary>
internal readonly record struct MeasurementCost(
    long ForwardPasses,
    long Gradients,
    long Products,
    double GradientEquivalents
)
{
    /// <summary>Reads a ledger.</summary>
    public static MeasurementCost Of(CostLedger ledger) =>
        new(ledger.ForwardPasses, ledger.Gradients, ledger.HessianVectorProducts, ledger.GradientEquivalents);

    /// <summary>The cost since an earlier reading.</summary>
    public MeasurementCost Less(MeasurementCost earlier) =>
        new(
            ForwardPasses - earlier.ForwardPasses,
            Gradients - earlier.Gradients,
            Products - earlier.Products,
            // All work is booked in thirds; rounding to them makes the difference independent of what was summed before.
            Math.Round(3 * (GradientEquivalents - earlier.GradientEquivalents)) / 3
        );

    /// <summary>Writes the columns.</summary>
    public void Write(SeriesTable table)
    {
        table.Set(Columns.MeasurementForwardPasses, ForwardPasses);
        table.Set(Columns.MeasurementGradients, Gradients);
        table.Set(Columns.MeasurementProducts, Products);
        table.Set(Columns.MeasurementCost, GradientEquivalents);
    }
}
