// An orbit diagram: from a minimum through period doubling to chaos
// Gradient descent on L = (θ₁θ₂ − 1)²/2 from a balanced start. At η = 1 the minimum loses its stability and the orbit hovers about it with period 2, then 4, then chaotically.
#load "flatbias.csx"

var count = Reduced ? 49 : 401;
double[] stepSizes = [.. Enumerable.Range(0, count).Select(i => 0.9 + 0.68 * i / (count - 1))];
var options = new OrbitDiagramOptions(Transient: 500, Recorded: Reduced ? 6 : 60);
var columns = OrbitDiagram.Compute<Family, TwoParameterMap<SquaredErrorLink>>(new Family(), stepSizes, [0.7, 0.7], options);
var plot = Plot.OrbitDiagram(columns, "step size η", "θ_{1}");
plot.Save(Picture("orbit-diagram.svg"));

public readonly struct Family : IMapFamily<TwoParameterMap<SquaredErrorLink>>
{
    public TwoParameterMap<SquaredErrorLink> At(double stepSize) => new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(target: 1)).AsMap(stepSize);
}
