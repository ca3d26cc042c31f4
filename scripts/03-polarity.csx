// Rotational polarity below and above the threshold
// One step multiplies the |β| of the leading eigenvector by γ_β, eq. (3.5): above 1 it turns towards the sharper axis, below 1 away from it. Below the threshold η = 0.01 it stays above 1; past it, it starts below 1 and comes back.
#load "flatbias.csx"

var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));
var plot = PlotStyle.Create("", "step", "polarity γ_{β}");
foreach (var stepSize in new[] { 0.009, 0.011 })
{
    var orbit = Orbit.Record(network.AsMap(stepSize), [-0.1, 10], steps: 40);
    double[] steps = [.. Enumerable.Range(0, 41).Select(t => (double)t)];
    plot.AddLine($"η = {stepSize}", steps, [.. orbit[0].Zip(orbit[1], (first, second) => network.State([first, second]).Polarity(stepSize))]);
}

plot.AddHorizontal("γ_{β} = 1", 1).Save(Picture("polarity.svg"));
