// Lyapunov exponents of gradient descent
// The same orbits as in the diagram before: the largest exponent touches 0 at each period doubling and is above it where descent is chaotic. Bars of two standard errors come with it.
#load "flatbias.csx"

var options = new LyapunovOptions(Exponents: 1, StepsPerBlock: Reduced ? 20 : 200);
var table = Sweep.Over(Axis.Linear("step-size", 0.9, 1.6, Reduced ? 57 : 281)).Run(point =>
{
    var network = new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(target: 1));
    return Lyapunov.OfDescent(network, point["step-size"], new[] { 0.7, 0.7 }, options);
});
double[] stepSizes = [.. Enumerable.Range(0, table.Count).Select(i => table.Plan.PointAt(i)["step-size"])];
var (exponents, errors) = (table.Column(s => s.Exponents[0]), table.Column(s => s.StandardErrors[0]));
var plot = Plot.Series("step size η", "largest Lyapunov exponent per step", stepSizes, exponents, "exponent")
    .AddBand("± 2 standard errors", stepSizes, [.. exponents.Zip(errors, (x, e) => x - 2 * e)], [.. exponents.Zip(errors, (x, e) => x + 2 * e)])
    .AddHorizontal("chaos above 0", 0);
plot.Save(Picture("lyapunov.svg"));
