// The spectrum before, in and after an instability
// A small network trains until its sharpness passes the edge 2/η; the loss rises, and the instability ends with a lower sharpness. A first run finds where that is, a second one measures the whole spectrum there: leading and trailing eigenvalues one by one, marked by points, and the density of the rest by Lanczos quadrature. The outliers move; the bulk stays where it is.
#load "flatbias.csx"

var data = DataCatalogue.Load("fashion-mnist", train: 60, test: 0);
var specification = new TrainingSpec
{
    Train = 60, Test = 0, Network = NetworkChoice.FullyConnected([12], Activation.Tanh), Loss = NetworkLoss.MeanSquaredError,
    StepSize = 0.05, Steps = 300, MeasureEvery = 1, Eigenpairs = 2, TrailingEvery = 300, Precision = "float64",
};
var run = TrainingRun.Execute(specification, data.Train, data.Test).Series;
var instability = Instability.Segment(run.Array("step_size"), run.Array("sharpness"), run.Array("loss")).Last(i => i.Resolution is not null);
Console.WriteLine($"onset {instability.Onset}, peak {instability.Peak}, over {instability.Resolution}");

var spectra = new List<(string Name, Spectrum Spectrum)>();
int[] steps = [Math.Max(0, instability.Onset - 5), instability.Peak, instability.Resolution.Value];
TrainingRun.Execute(
    specification with { SpectrumSteps = steps, Steps = steps[2] }, data.Train, data.Test,
    hooks: new TrainingHooks { Spectrum = (step, spectrum) => spectra.Add(($"step {step}", spectrum)) });
var plot = Plot.Density(spectra).AddVertical("edge 2/η", 2 / specification.StepSize.Constant);
plot.Save(Picture("spectrum.svg"));
