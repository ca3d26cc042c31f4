// A loss of your own: logistic regression past its edge
// Any function of one flat vector that torch can differentiate is a surface; here the logistic loss of a straight line between two half circles that overlap. Past the edge 2/η the run ends in swings of period 2. With memory of how the valley floor relaxes, eq. (4.9), the forecast from one measurement lies on the run; without it, eq. (4.7), the swings die out.
#load "flatbias.csx"
using static TorchSharp.torch;

var (x, labels) = DataCatalogue.Load("two-moons:noise=0.3", train: 100, test: 0).Train.Tensors(ScalarType.Float64, CPU);
var (inputs, targets) = (cat([x, ones(100, 1, ScalarType.Float64)], 1), labels.to(ScalarType.Float64));

var surface = new FunctionSurface(parameters: 3, Loss);
var theta = surface.Parameters([0, 0, 0]);

var approach = Approach.Run(surface, theta, new ApproachOptions(StepSize: 1, Steps: 300, Push: 2.15));
var options = new TrialOptions(Horizon: 100, Order: 4, Krylov: 2);
var trial = ForecastTrial.Run(surface, theta, approach.StepSize, [new MemoryTheory(order: 4), new CurvatureMomentTheory(order: 4)], options);
var plot = Plot.Series(trial.Series, "step", ["sharpness", "memory-map-4_sharpness", "moment-map-4_sharpness"], "sharpness S");
plot.AddHorizontal("edge 2/η", 2 / approach.StepSize).Save(Picture("own-loss.svg"));

// The mean of log(1 + e^z) - y z, with y = 0 or 1.
Tensor Loss(Tensor theta)
{
    var z = inputs.mv(theta);
    return (z.Softplus() - targets * z).mean();
}
