// A claim of your own with its verdict
// A statement, a prediction, a measurement and a tolerance with its reason; the verdict follows by one rule. Here: past the edge the flattening on z = Θ² grows with the step size. Near the edge it does; further on it does not, and the claim is refuted. That is a result too.
#load "flatbias.csx"

var statement = new Statement("flatter-with-step-size", "Past the edge a larger step size ends at a flatter minimum.", "(3.3) WR");
var study = new DescentStudy { Landscape = "two-parameter-network", Start = [-0.1, 10], Steps = 2000 };
var table = Sweep.Over(Axis.Linear("step-size", 0.0105, 0.0195, 10)).Run(study.Measure);
var sharpness = table.Column(outcome => outcome.Sharpness);
var largestRise = sharpness.Zip(sharpness.Skip(1), (a, b) => b - a).Max();
var claim = statement.Judge(Relation.AtMost, predicted: 0, largestRise, tolerance: 0, basis: "as stated", quantity: "largest rise of the final sharpness from one step size to the next");
Console.WriteLine($"{claim.Verdict}: {statement.Text} Predicted {claim.PredictedText}, measured {claim.MeasuredText}.");

double[] stepSizes = [.. Enumerable.Range(0, table.Count).Select(i => table.Plan.PointAt(i)["step-size"])];
var plot = Plot.Series("step size η", "final sharpness", stepSizes, sharpness);
plot.Title = $"{statement.Text} {claim.Verdict}";
plot.Save(Picture("own-claim.svg"));
