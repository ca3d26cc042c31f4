// Reading a record and redrawing a figure
// Every run of the command leaves a record. Make one first: flatbias simulate two-parameter-network --start=-0.1,10 --step-size 0.011 --steps 60 --out run. The folder may be given as an argument.
#load "flatbias.csx"

var folder = Args.FirstOrDefault(Directory.Exists) ?? "run";
var record = RunRecord.Load(folder);
var specification = (SimulationSpec)record.Manifest.Specification;
Console.WriteLine($"{specification.Landscape.Name} at η = {specification.StepSize}: {record.Manifest.Reason} after {record.Manifest.Steps} steps");
var plot = Plot.Series(record.Series, "step", "loss", logY: true);
plot.Title = $"{specification.Landscape.Name}, η = {specification.StepSize}";
plot.Save(Picture("record.svg"));
