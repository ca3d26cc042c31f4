// A scoreboard of theories
// Every theory forecasts the same run from one measurement at the start; then the run is made, and each is scored by how long its sharpness was right to 10 %.
#load "flatbias.csx"

var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));
var options = new TrialOptions(Horizon: 40, Order: 6, Krylov: 2, Cubic: true);
var trial = ForecastTrial.Run(network, new[] { -0.1, 10 }, stepSize: 0.011, TheoryCatalogue.All, options);
foreach (var theory in TheoryCatalogue.All)
{
    Console.WriteLine(ForecastScore.Of(trial.Series, theory.Name) is { } score
        ? $"{theory.Name,-30} right for {ForecastScore.WrongFrom(score.Sharpness)} steps"
        : $"{theory.Name,-30} declined: {trial.Declined[theory.Name]}");
}

var plot = PlotStyle.Create("", "step", "relative error of the sharpness");
foreach (var name in new[] { "coupled-map", "gradient-flow", "moment-map-4", "memory-map-4" })
    if (ForecastScore.Of(trial.Series, name) is { Sharpness.Length: > 0 } score) plot.AddLine(name, trial.Series["step"], score.Sharpness);
plot.AddHorizontal("wrong", ForecastScore.Wrong).Save(Picture("scoreboard.svg"));
