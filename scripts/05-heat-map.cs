// A heat map over step size and start
// Any measurement at every point of a grid, on all cores: here the sharpness of the minimum that descent reaches. Runs that diverge are outcomes too, and are crossed.
#:project ../src/Reports/Reports.csproj
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Figures;

var study = new DescentStudy { Landscape = "two-parameter-network", Start = [-0.1, 10], Steps = 2000 };
var sweep = Sweep.Over(Axis.Linear("step-size", 0.005, 0.025, 80)).And(Axis.Linear("start-2", 7, 12, 60));
var table = sweep.Run(study.Measure, threads: Environment.ProcessorCount);
var plot = Plot.HeatMap(table, "step-size", "start-2", outcome => outcome.Sharpness, "final sharpness");
plot.Save(args.FirstOrDefault() ?? "heat-map.svg");
