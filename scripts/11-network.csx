// A network with its sharpness tracked
// A small network on a hundred of the embedded images, at a constant step size. The sharpness starts above the edge 2/η, falls through a first instability, rises again while the loss falls, and hovers at the edge.
#load "flatbias.csx"

var data = DataCatalogue.Load("fashion-mnist", train: 100, test: 50);
var specification = new TrainingSpec
{
    Train = 100, Test = 50, Network = NetworkChoice.FullyConnected([16, 16], Activation.Tanh), Loss = NetworkLoss.MeanSquaredError,
    StepSize = 0.02, Steps = 200, MeasureEvery = 2, Eigenpairs = 2,
};
var run = TrainingRun.Execute(specification, data.Train, data.Test);
var plot = Plot.Series(run.Series, "step", "sharpness").AddHorizontal("edge 2/η", 2 / specification.StepSize.Constant);
plot.Save(Picture("network.svg"));
