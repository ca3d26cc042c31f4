// A network of your own past its edge
// Any torch module with a loss is a surface; here a convolutional net, adapted in the three lines after it. It trains below the edge 2/η until the step size is raised to 2.15/S. Where the instability begins, two theories forecast it from one measurement; then the run is made, and goes on past the horizon.
#load "flatbias.csx"
using static TorchSharp.torch;

manual_seed(1);
var module = nn.Sequential(nn.Conv2d(1, 4, 5, stride: 3), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(64, 10)).to(ScalarType.Float64);

var (x, y) = DataCatalogue.Load("fashion-mnist", train: 60, test: 0).Train.Tensors(ScalarType.Float64, CPU);
var surface = new NetworkSurface(module, SampleLosses.HalfSquaredError, x, nn.functional.one_hot(y, 10).to(ScalarType.Float64));
var theta = ModuleParameters.Read(module);

var approach = Approach.Run(surface, theta, new ApproachOptions(StepSize: 0.05, Steps: 300, Push: 2.15));
var options = new TrialOptions(Horizon: 60, Order: 4, Krylov: 24, JetTolerance: 1e-6);
var trial = ForecastTrial.Run(surface, theta, approach.StepSize, [new MemoryTheory(order: 4), new CurvatureMomentTheory(order: 4)], options);
var plot = Plot.Series(trial.Series, "step", ["sharpness", "memory-map-4_sharpness", "moment-map-4_sharpness"], "sharpness S");

var probe = new CurvatureProbeOptions(Eigenpairs: 1, new LanczosOptions(Tolerance: 1e-3)) { TrailingEvery = 100 };
var after = Recording.Run(surface, OptimiserSpec.GradientDescent, approach.StepSize, new DescentLimits(100), theta, probe, measureEvery: 1).Series;
plot.AddLine("sharpness past the horizon", [.. after["step"].Select(t => t + options.Horizon)], after["sharpness"]).AddHorizontal("edge 2/η", 2 / approach.StepSize);
plot.Save(Picture("own-network.svg"));
