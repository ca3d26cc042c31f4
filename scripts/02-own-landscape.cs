// A landscape of your own from nothing but its loss
// The loss is written once over a generic number type; gradient, Hessian and higher derivatives follow by dual numbers and Taylor arithmetic. Gradient flow from the same start shows what descent adds.
#:project ../src/Reports/Reports.csproj
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Figures;

var neuron = new FormulaLandscape<Neuron>("neuron", new Neuron(target: 0.5), dimension: 2);
double[] start = [6, 0.1];
var flow = GradientFlow.ToMinimum(neuron, start);
var probe = new CurvatureProbeOptions(Eigenpairs: 2, new LanczosOptions(Tolerance: 1e-12));
var series = Recording.Run(neuron, OptimiserSpec.GradientDescent, 0.06, new DescentLimits(400), start, probe, measureEvery: 1).Series;
Console.WriteLine($"flow ends at S = {flow.Sharpness:F2}, descent at {series["sharpness"][^1]:F2}");

var plot = Plot.Series(series, "step", "sharpness").AddHorizontal("edge 2/η", 2 / 0.06).AddHorizontal("end of gradient flow", flow.Sharpness);
plot.Save(args.FirstOrDefault() ?? "own-landscape.svg");

// L = (a tanh(w) - y)² / 2 with the parameters a and w.
public readonly struct Neuron(double target) : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        var error = theta[0] * T.Tanh(theta[1]) - target;
        return 0.5 * error * error;
    }
}
