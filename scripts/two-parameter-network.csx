// Explore the two-parameter network z = Theta^2 (docs/theory.md, section 3): sharpness through an instability, at three step sizes.
// Build once with: dotnet build -c Release. Then run with dotnet-script; the picture's name may be given as an argument.
#r "../src/Reports/bin/Release/net10.0/flatbias.dll"
#r "../src/Reports/bin/Release/net10.0/FlatBias.Dynamics.dll"
#r "../src/Reports/bin/Release/net10.0/FlatBias.Quadratic.dll"
#r "../src/Reports/bin/Release/net10.0/OxyPlot.dll"
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Figures;

var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));
var probe = new CurvatureProbeOptions(Eigenpairs: 1, new LanczosOptions(Tolerance: 1e-12));
var plot = PlotStyle.Create("Sharpness through an instability", "step", "sharpness S");
foreach (var stepSize in new[] { 0.009, 0.011, 0.015 })
{
    var (series, _) = Recording.Run(network, stepSize, new DescentLimits(60), new[] { -0.1, 10 }, probe, measureEvery: 1);
    plot.AddLine($"η = {stepSize}, edge 2/η = {2 / stepSize:F0}", series.Array("step"), series.Array("sharpness"));
}

FigureExport.Save(plot, Args.Count > 0 ? Args[0] : "two-parameter-network.svg", widthMm: 160, heightMm: 100);
