namespace FlatBias.NeuralValidation.Training;

/// <summary>What a forecast of an instability of a network leaves behind.</summary>
/// <typeparam name="TForecast">Forecasts and runs side by side.</typeparam>
/// <param name="Forecast">What was forecast and run; null where the instability never came.</param>
/// <param name="StepSize">The step size of the runs.</param>
/// <param name="Reference">The step of the jet, counted from the start of training; where the instability never came, the last step made.</param>
/// <param name="TotalCost">The cost of everything in gradient-equivalents.</param>
public sealed record ForecastOutcome<TForecast>(TForecast? Forecast, double StepSize, int Reference, double TotalCost)
    where TForecast : class;
