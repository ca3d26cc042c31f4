using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>What a scan of step sizes keeps of a run, or of the forecast of one: (4.21).</summary>
internal sealed class RunSummary
{
    private double _peak = double.NegativeInfinity,
        _lowest = double.PositiveInfinity,
        _displacement,
        _last = double.NaN,
        _before = double.NaN;

    /// <summary>Points seen, the first included.</summary>
    public int Points { get; private set; }

    /// <summary>Takes note of the next point.</summary>
    public void Add(double loss, double sharpness, double displacement)
    {
        // Of a number and NaN the larger and the smaller are NaN.
        (_peak, _lowest) = (Math.Max(_peak, loss), Math.Min(_lowest, sharpness));
        _displacement = Math.Max(_displacement, Math.Abs(displacement));
        (_before, _last) = (_last, sharpness);
        Points++;
    }

    /// <summary>Writes the columns into the last row; of a run that ended before the horizon only how far it went.</summary>
    /// <param name="table">The table.</param>
    /// <param name="steps">The horizon, at least 1.</param>
    /// <param name="forecast">Whether this is the forecast.</param>
    public void Write(SeriesTable table, int steps, bool forecast)
    {
        var whole = Points > steps;
        Set(Columns.PeakLoss, _peak);
        Set(Columns.LowestSharpness, _lowest);
        // S alternates from step to step for as long as u does.
        Set(Columns.FinalSharpness, (_before + _last) / 2);
        Set(Columns.PeakDisplacement, _displacement);
        table.Set(Name(Columns.StepsMade), Math.Max(0, Points - 1));

        void Set(string column, double value) => table.Set(Name(column), whole ? value : double.NaN);

        string Name(string column) => forecast ? Columns.Forecast(Columns.JetForecast, column) : column;
    }
}
