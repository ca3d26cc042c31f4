// An observable of your own
// Each measured row is offered with the state and the leading eigenvectors, to add columns to. Here: the imbalance θ₂² − θ₁², which gradient flow conserves and an instability contracts, eq. (3.3).
#load "flatbias.csx"

var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));
var probe = new CurvatureProbeOptions(Eigenpairs: 1, new LanczosOptions(Tolerance: 1e-12));
var series = Recording.Run(
    network, OptimiserSpec.GradientDescent, 0.011, new DescentLimits(40), new[] { -0.1, 10 }, probe, measureEvery: 1,
    extra: (state, frame, row) => row.Set("imbalance", network.State(state.Theta).Imbalance)).Series;
var plot = Plot.Series(series, "step", ["imbalance", "sharpness"], "imbalance and sharpness");
plot.Save(Picture("own-observable.svg"));
