// The curvature-moment map beside gradient descent
// In a valley whose moments are affine along the floor the map (4.1), (4.2) is gradient descent itself: from one jet at the start, four moments forecast every step to rounding, two do not.
#load "flatbias.csx"

var valley = new PolynomialValley(floor: 0, slope: [-0.05, 0.02, 0], moments: [4.1, 1.5, -3], gradients: [[1, 0.2, -0.3], [0.4, -0.5, 0.2], [-0.3, 0.1, 0.6]]);
double[] theta = [0.01, 0, 0, 0];
ITheory[] theories = [new CurvatureMomentTheory(order: 2), new CurvatureMomentTheory(order: 4)];
var (series, declined, cost, diverged) = ForecastTrial.Run(valley, theta, stepSize: 0.5, theories, new TrialOptions(Horizon: 80, Order: 4, Krylov: 0, Tolerance: 1e-10));
var plot = Plot.Series(series, "step", ["displacement", "moment-map-4_displacement", "moment-map-2_displacement"], "displacement u along v_{1}");
plot.Save(Picture("moment-map.svg"));
