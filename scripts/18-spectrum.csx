// The spectrum before, in and after an instability
// A small network trains past the edge 2/η and comes back below it. A first run finds where, a second one measures whole spectra there: the two eigenvalues at either end one by one, marked by points at the height of a single one, and the density of all by Lanczos quadrature with its band. Outliers leave the bulk, pass the edge and come back.
#load "flatbias.csx"

var data = DataCatalogue.Load("fashion-mnist", train: 200, test: 0);
var specification = new TrainingSpec { Train = 200, Test = 0, StepSize = 0.1, Steps = 120, MeasureEvery = 2, Eigenpairs = 2, TrailingEvery = 60 };
var run = TrainingRun.Execute(specification, data.Train, data.Test).Series;
var instability = Instability.Segment(run.Array("step_size"), run.Array("sharpness"), run.Array("loss")).First(i => i.Resolution > i.Onset + 1);
var sharpest = Enumerable.Range(instability.Onset, instability.Resolution.Value - instability.Onset).MaxBy(i => run["sharpness"][i]);
int[] steps = [.. new[] { instability.Onset - 1, sharpest, instability.Resolution.Value }.Select(i => (int)run["step"][i])];
Console.WriteLine($"before {steps[0]}, sharpest {steps[1]}, over {steps[2]}");

var spectra = new List<(string Name, Spectrum Spectrum)>();
var hooks = new TrainingHooks { Spectrum = (step, spectrum) => spectra.Add(($"step {step}", spectrum)) };
TrainingRun.Execute(specification with { SpectrumSteps = steps, Steps = steps[2] }, data.Train, data.Test, hooks: hooks);
var plot = Plot.Density(spectra).AddVertical("edge 2/η", 2 / specification.StepSize.At(0));
plot.Save(Picture("spectrum.svg"));
