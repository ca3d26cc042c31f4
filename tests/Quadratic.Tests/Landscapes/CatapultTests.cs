using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The UV model and its reduced map, eq. (6.3).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class CatapultTests
{
    [Property]
    public void Map_EveryStepOfARun_IsDescentOnTheModel(Seed seed, Size width, LogUniform scale, LogUniform step)
    {
        var random = seed.Random();
        var n = width.Value;
        var model = new CatapultModel(n, RandomLandscapes.Uniform(random, 3));
        var theta = RandomLandscapes.Vector(random, 2 * n, scale.In(0.01, 10));
        var stepSize = step.In(0.01, 5) / Near.Scale(model.State(theta).Kernel);
        Descending.CheckMap(model, model.Map(stepSize), State, theta, stepSize, 30, Compare);

        double[] State(double[] at)
        {
            var (error, kernel) = model.State(at);
            return [error, kernel];
        }

        void Compare(double[] at, double[] actual, double[] predicted)
        {
            // With q = eta |d| / sqrt(n) a step multiplies |theta| by at most 1 + q, so lambda and, by |u||v| <= n lambda / 2, f / sqrt(n) stay below lambda (1 + q)^2 term by term, in the map as in the
            // model. A dot product of 2n numbers commits 2n roundings, a step and the map a dozen more. Model and map each round d for themselves, by 2n u sqrt(n) lambda at most: q by eta lambda times
            // as much, and the result by that times 1 + q.
            var (error, kernel) = model.State(at);
            var q = stepSize * Math.Abs(error) / Math.Sqrt(n);
            var size = (kernel + Math.Abs(model.Target)) * (1 + q) * (1 + q + (stepSize * kernel));
            var tolerance = ((4 * n) + 32) * Near.Roundoff * size;
            Near.Equal(actual[0], predicted[0], Math.Sqrt(n) * tolerance, "d+");
            Near.Equal(actual[1], predicted[1], tolerance, "lambda+");
        }
    }

    [Property]
    public void Map_WithoutTarget_IsTheCoupledMap(Real product, LogUniform norm, LogUniform step, Size width)
    {
        // f = 2 sqrt(n) Theta, lambda = 2 s.
        var (s, n) = (norm.In(1e-2, 1e2), width.Value);
        var (theta, stepSize) = (product.Value * s, step.In(1e-3, 3) / s);
        double[] coupled = new double[2],
            catapult = new double[2];
        new CoupledMap(stepSize).Step([theta, s], coupled);
        new CatapultMap(stepSize, n, 0).Step([2 * Math.Sqrt(n) * theta, 2 * s], catapult);
        // |Theta| <= s, eta s <= 3: the terms of both maps are at most 4 (eta s)^2 s <= 36 s, a dozen roundings each.
        Near.Equal(coupled[0], catapult[0] / (2 * Math.Sqrt(n)), 32 * 36 * Near.Roundoff * s, "Theta+");
        Near.Equal(coupled[1], catapult[1] / 2, 32 * 36 * Near.Roundoff * s, "s+");
    }

    [Property]
    public void Descent_FromASmallError_EndsAsItsRegionSays(Seed seed, Size width, Real at, LogUniform small)
    {
        var excess = at.In(0.05, 6);
        if (Math.Abs(excess - 2) < 0.05 || Math.Abs(excess - 4) < 0.05)
            return; // at the thresholds nothing moves in the time given
        const double stepSize = 0.1;
        var model = new CatapultModel(width.Value);
        var theta = SmallErrorStart(seed.Random(), width.Value, excess / stepSize, small.In(1e-6, 1e-3));
        var start = model.State(theta);
        // |1 - eta lambda| <= 0.95 in the lazy region: 0.95^3000 = 1e-67. A catapult grows by 1.05 a step at least, so from 1e-6 it comes down within a few hundred steps.
        var result = Descending.Run(model, theta, stepSize, 3000, 1e-20);
        var end = model.State(theta);
        switch (CatapultMap.Region(stepSize, start.Kernel))
        {
            case CatapultRegion.Lazy:
                Assert.True(result.Loss < 1e-20, $"eta lambda = {excess}: loss {result.Loss}");
                // By (6.3) lambda falls by less than 4 eta f^2 / n a step, and the f^2 sum to at most f_0^2 / (1 - 0.95^2) ~ 10 f_0^2; doubled for the second order.
                Near.Equal(
                    start.Kernel,
                    end.Kernel,
                    80 * stepSize * start.Error * start.Error / width.Value,
                    "lambda in the lazy region"
                );
                break;
            case CatapultRegion.Catapult:
                // It may land at any flatter minimum, with eta lambda close to 0 too, where what remains decays slowly. But below 2 it converges for certain: |f| <= sqrt(n) lambda / 2 gives
                // q = eta^2 f^2 / n <= (eta lambda)^2 / 4, hence |1 - eta lambda + q| < 1: f only shrinks and lambda only falls from there on.
                Assert.NotEqual(StopReason.Diverged, result.Reason);
                Assert.True(stepSize * end.Kernel < 2, $"eta lambda went from {excess} to {stepSize * end.Kernel}");
                // f cannot settle below the roundings of a step, (n + 4) u sqrt(n) lambda, times the steps that |1 - eta lambda| keeps them alive for.
                var memory = 1 / Math.Min(stepSize * end.Kernel, 2 - (stepSize * end.Kernel));
                var floor = Math.Pow(
                    memory * (width.Value + 4) * Near.Roundoff * Math.Sqrt(width.Value) * end.Kernel,
                    2
                );
                Descending.Run(model, theta, stepSize, 1000);
                Assert.True(
                    model.Loss(theta) < Math.Max(result.Loss, floor),
                    $"the loss {result.Loss} did not fall at eta lambda = {stepSize * end.Kernel}"
                );
                break;
            default:
                Assert.Equal(StopReason.Diverged, result.Reason);
                break;
        }
    }

    [Property]
    public void Kernel_AtAMinimum_IsTheSharpness(Seed seed, Size width, LogUniform scale)
    {
        // Solve u . v = sqrt(n) y for y: every point is a minimum of some model.
        var random = seed.Random();
        var n = width.Value;
        var theta = RandomLandscapes.Vector(random, 2 * n, scale.In(0.01, 10));
        var model = new CatapultModel(n, new CatapultModel(n).State(theta).Error);
        var kernel = model.State(theta).Kernel;
        // f is of size at most sqrt(n) lambda / 2 and carries 2n + 4 roundings; the gradient is d theta / sqrt(n). A symmetric eigensolver errs by a few u |H| times the dimension.
        var error = (n + 4) * Near.Roundoff * Math.Sqrt(n) * kernel;
        Descending.CheckMinimum(
            model,
            theta,
            kernel,
            error * Near.Scale(theta) / Math.Sqrt(n),
            (error / Math.Sqrt(n)) + (32 * n * Near.Roundoff * kernel)
        );
    }

    [Theory]
    [InlineData(1.99, CatapultRegion.Lazy)]
    [InlineData(2, CatapultRegion.Catapult)]
    [InlineData(3.99, CatapultRegion.Catapult)]
    [InlineData(4, CatapultRegion.Divergent)]
    public void Region_AtTheThresholds_BelongsToTheUpperOne(double kernel, CatapultRegion expected) =>
        Assert.Equal(expected, CatapultMap.Region(1, kernel));

    [Theory]
    [InlineData(0, 1, "width")]
    [InlineData(2, double.NaN, "target")]
    public void Constructor_BadInput_NamesIt(int width, double target, string name) =>
        Assert.Contains(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(() => new CatapultModel(width, target)).Message,
            StringComparison.Ordinal
        );

    /// <summary>A random point with kernel lambda and f = small * sqrt(n) lambda / 2, its largest possible value being at small = 1.</summary>
    private static double[] SmallErrorStart(Random random, int n, double kernel, double small)
    {
        // u random with |u|^2 = n lambda / 2, and v = small u + sqrt(1 - small^2) times a vector as long, orthogonal to u; in one dimension only v = small u' with u taking the rest.
        double[] u = RandomLandscapes.Vector(random, n, 1),
            w = RandomLandscapes.Vector(random, n, 1);
        var (uu, uw) = (Dot(u, u), Dot(u, w));
        for (var i = 0; i < n; i++)
            w[i] -= uw / uu * u[i];
        var ww = Dot(w, w);
        double[] v =
            n == 1 || ww < 1e-12
                ? [.. u.Select(x => small * x)]
                : [.. u.Select((x, i) => (small * x) + (Math.Sqrt(uu / ww) * w[i]))];
        var scale = Math.Sqrt(n * kernel / (uu + Dot(v, v)));
        return [.. u.Concat(v).Select(x => scale * x)];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
