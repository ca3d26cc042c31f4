// First run: sharpness through an instability
// Gradient descent on the two-parameter network z = Θ² (theory.md, section 3) at three step sizes: below the edge 2/η nothing happens, past it the run oscillates out of the sharp valley and ends in a flatter one.
#:project ../src/Reports/Reports.csproj
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Figures;

var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));
var probe = new CurvatureProbeOptions(Eigenpairs: 1, new LanczosOptions(Tolerance: 1e-12));
var plot = PlotStyle.Create("Sharpness through an instability", "step", "sharpness S");
foreach (var stepSize in new[] { 0.009, 0.011, 0.015 })
{
    var series = Recording.Run(network, OptimiserSpec.GradientDescent, stepSize, new DescentLimits(60), new[] { -0.1, 10 }, probe, measureEvery: 1).Series;
    plot.AddLine($"η = {stepSize}, edge 2/η = {2 / stepSize:F0}", series["step"], series["sharpness"]);
}

plot.Save(args.FirstOrDefault() ?? "first-run.svg");
