// An update rule of your own
// Gradient descent whose step is never longer than a bound. The descent loop, the probe and its stability number take it as they take the rules that come along.
#load "flatbias.csx"

var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));
var plot = PlotStyle.Create("", "step", "sharpness S");
foreach (var longest in new[] { double.PositiveInfinity, 1, 0.3 })
{
    using var rule = new ShortSteps<double[]>(network.Space, longest);
    using var probe = new CurvatureProbe<double[]>(network, new CurvatureProbeOptions(1, new LanczosOptions(1e-12)), rule);
    var series = new SeriesTable();
    var watch = new Observer<double[]>(1, state =>
    {
        series.AddRow();
        series.Set("step", state.Step);
        probe.Measure(state.Theta, state.StepSize, series);
    });
    DescentLoop.Run(network, rule, 0.011, new DescentLimits(80), new[] { -0.1, 10 }, [watch]);
    plot.AddLine($"steps up to {longest}", series["step"], series["sharpness"]);
}

plot.AddHorizontal("edge 2/η", 2 / 0.011).Save(Picture("own-optimiser.svg"));

public sealed class ShortSteps<TVector>(IVectorSpace<TVector> space, double longest) : IUpdateRule<TVector>
{
    public string Name => "short-steps";
    public double Edge => 2;
    public bool IsPreconditioned => false;
    public void Apply(double stepSize, TVector gradient, TVector theta) =>
        space.Axpy(-Math.Min(stepSize, longest / Math.Max(space.Norm(gradient), double.Epsilon)), gradient, theta);
    public bool TryPrecondition(TVector result) => false;
    public void Exchange(IStateStore<TVector> store) { }
    public void Dispose() { }
}
