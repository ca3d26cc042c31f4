// Forecasting an instability of a network
// From one local measurement, before the steps are made: with memory of how the valley floor relaxes, eq. (4.9), the forecast lies on the run; without it, eq. (4.7), it settles elsewhere.
#load "flatbias.csx"

var data = DataCatalogue.Load("fashion-mnist", train: 100, test: 1);
var plan = new ForecastPlan
{
    Approach = 1500, Push = 2.15, Krylov = 24, Horizon = 100, Theories = ["memory-map-4", "moment-map-4"],
    Training = new TrainingSpec
    {
        Train = 100, Test = 1, Network = NetworkChoice.FullyConnected([16, 16], Activation.Tanh), Loss = NetworkLoss.MeanSquaredError, Precision = "float64", StepSize = 0.002,
    },
};
var outcome = ForecastRun.Execute(plan, data.Train);
var plot = Plot.Series(outcome.Forecast.Series, "step", ["sharpness", "memory-map-4_sharpness", "moment-map-4_sharpness"], "sharpness S")
    .AddHorizontal("edge 2/η", 2 / outcome.StepSize);
plot.Save(Picture("network-forecast.svg"));
