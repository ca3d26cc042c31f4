// Forecasting an instability of a network
// From one local measurement, before the steps are made: with memory of how the valley floor relaxes, eq. (4.9), the forecast lies on the run; without it, eq. (4.7), it drifts off.
#load "flatbias.csx"

var data = DataCatalogue.Load("fashion-mnist", train: Reduced ? 60 : 300, test: 1);
var outcome = ForecastRun.Execute(
    new ForecastPlan
    {
        Approach = Reduced ? 300 : 2000, Push = 2.15, Krylov = Reduced ? 16 : 36, Horizon = Reduced ? 60 : 150, Theories = ["memory-map-4", "moment-map-4"],
        Training = new TrainingSpec
        {
            Train = data.Train.Count, Test = 1, HiddenWidths = Reduced ? [8] : [24, 24], Activation = Activation.Tanh, Loss = NetworkLoss.MeanSquaredError, Precision = "float64", StepSize = 0.01,
        },
    },
    data.Train);
var plot = Plot.Series(outcome.Trial.Series, "step", ["sharpness", "memory-map-4_sharpness", "moment-map-4_sharpness"], "sharpness S")
    .AddHorizontal("edge 2/η", 2 / outcome.StepSize);
plot.Save(Picture("network-forecast.svg"));
