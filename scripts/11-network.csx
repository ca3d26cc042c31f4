// A network with its sharpness tracked
// A small network on the embedded images: at a constant step size the sharpness rises to the edge 2/η and hovers there.
#load "flatbias.csx"

var data = DataCatalogue.Load("fashion-mnist", train: Reduced ? 50 : 300, test: 50);
var run = TrainingRun.Execute(
    new TrainingSpec
    {
        Train = data.Train.Count, Test = data.Test.Count, HiddenWidths = Reduced ? [8] : [32, 32], Activation = Activation.Tanh, Loss = NetworkLoss.MeanSquaredError,
        StepSize = 0.05, Steps = Reduced ? 60 : 600, MeasureEvery = Reduced ? 4 : 6, Eigenpairs = 2,
    },
    data.Train, data.Test);
var plot = Plot.Series(run.Series, "step", "sharpness").AddHorizontal("edge 2/η", 2 / 0.05);
plot.Save(Picture("network.svg"));
