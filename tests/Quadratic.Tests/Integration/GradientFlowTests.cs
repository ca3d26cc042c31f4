using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Integration;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Integration;

/// <summary>Gradient flow to its minimum, and the gradient-flow-solution sharpness of (3.8).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class GradientFlowTests
{
    [Property]
    public void ToMinimum_TwoParameterNetwork_ReachesTheSharpnessOfItsImbalance(Real a, Real b)
    {
        var network = new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1));
        double[] start = [2 * a.Value, 2 * b.Value];
        if (Math.Abs(start[0] + start[1]) < 0.1)
            return; // close to the stable set of the saddle at the origin the flow takes arbitrarily long
        var flow = GradientFlow.ToMinimum(network, start);
        Assert.True(flow.Converged);
        // D is conserved to the integrator's tolerance, 1e-10 a step over some hundreds of steps, on numbers up to 4;
        // phi is Lipschitz in D with constant 1, and the minimum is 1e-9 |theta| away at most.
        Near.Equal(network.State(start).FlowSharpness(1, 1), flow.Sharpness, 1e-6, "phi");
        Near.Equal(network.State(start).Imbalance, network.State(flow.Minimum).Imbalance, 1e-6, "D");
    }

    [Property]
    public void ToMinimum_AlongDescentInsideSquareRootTwo_NeverRises(Real a, Real b, Real step)
    {
        // (3.8), (6.8): the sharpness of the minimum that flow would reach never rises along gradient descent while |eta z'| <= sqrt 2.
        var network = new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1));
        double[] theta = [a.In(0.2, 3), b.In(0.2, 3)],
            gradient = new double[2];
        var stepSize = step.In(0.05, 0.5);
        var last = double.PositiveInfinity;
        for (var t = 0; t < 8; t++)
        {
            if (Math.Abs(stepSize * network.State(theta).Slope) > Math.Sqrt(2) || theta[0] + theta[1] < 0.1)
                return;
            var flow = GradientFlow.ToMinimum(network, theta);
            Assert.True(flow.Sharpness <= last + 1e-6, $"phi rose from {last} to {flow.Sharpness} at step {t}");
            last = flow.Sharpness;
            network.Gradient(theta, gradient);
            for (var i = 0; i < 2; i++)
                theta[i] -= stepSize * gradient[i];
        }
    }

    [Property]
    public void ToMinimum_Quadratic_IsItsCentre(Seed seed, Size size)
    {
        var random = seed.Random();
        var centre = RandomLandscapes.Vector(random, size.Value, 1);
        var bowl = QuadraticBowl.WithSpectrum(
            [.. Enumerable.Range(0, size.Value).Select(_ => 0.1 + random.NextDouble())],
            random.Next(),
            centre
        );
        var flow = GradientFlow.ToMinimum(bowl, RandomLandscapes.Vector(random, size.Value, 2));
        Assert.True(flow.Converged);
        // The distance is exact for a quadratic, at most 1e-9 of |theta| <= 2 sqrt(8).
        Near.Equal(centre, flow.Minimum, 6e-9, "minimum");
        Near.Equal(bowl.Sharpness, flow.Sharpness, 1e-12, "sharpness");
    }

    [Fact]
    public void ToMinimum_DescentWithTinySteps_EndsAtTheSamePlace()
    {
        var network = new TwoParameterNetwork<PowerLink>(new PowerLink(4));
        double[] theta = [0.8, 1.3];
        var flow = GradientFlow.ToMinimum(network, theta, 1e-6);
        DescentLoop.Run(
            network,
            new GradientDescent<double[]>(network.Space),
            1e-3,
            new DescentLimits(2_000_000, 1e-6),
            theta,
            []
        );
        // Descent follows the flow up to order eta: D moves by the factor prod (1 - eta^2 z'^2), below 1e-3 in all.
        Near.Equal(network.State(theta).Imbalance, network.State(flow.Minimum).Imbalance, 1e-3, "imbalance");
    }

    [Fact]
    public void ToMinimum_CurvaturesFarApart_ConvergesByTheStiffMethod()
    {
        // Curvatures from 1e-3 to 1e5, with minimum at the centre: an explicit method needs a step below 3.3e-5 for a time of ln(1e9)/1e-3, 6e8 steps.
        double[] centre = [1, -2, 0.5],
            start = [2, 1, -1];
        var bowl = QuadraticBowl.WithSpectrum([1e-3, 1, 1e5], 5, centre);
        var flow = GradientFlow.ToMinimum(bowl, start, 1e-9);
        Assert.True(flow.Converged);
        // 1e-9 of |theta| <= 2.5, and the rounding of a gradient of size 1e5 1e-9 over the smallest eigenvalue is far
        // less.
        Near.Equal(centre, flow.Minimum, 3e-9, "minimum");
        Near.Equal(1e5, flow.Sharpness, 1e-6, "sharpness");
    }

    [Property]
    public void ToMinimum_QuadraticInOtherUnits_IsItsCentre(
        Seed seed,
        Size size,
        LogUniform length,
        LogUniform curvature,
        Real offset
    )
    {
        // theta in units of u, curvature in units of w, from 1e-12 to 1e12; the centre at the origin, near it, and far
        // from it.
        var (u, w, random) = (length.In(1e-12, 1e12), curvature.In(1e-12, 1e12), seed.Random());
        var away = offset.Value < -0.3 ? 0 : u;
        var centre = RandomLandscapes.Vector(random, size.Value, away);
        double[] spectrum = [.. Enumerable.Range(0, size.Value).Select(_ => w * (0.1 + random.NextDouble()))];
        double[] start = RandomLandscapes.Vector(random, size.Value, 2 * u);
        var flow = GradientFlow.ToMinimum(QuadraticBowl.WithSpectrum(spectrum, random.Next(), centre), start);
        Assert.True(flow.Converged);
        // 1e-9 of |theta| <= 2 sqrt(8) u.
        Near.Equal(centre, flow.Minimum, 6e-9 * u, "minimum");
        Near.Equal(spectrum.Max(), flow.Sharpness, 1e-12 * w, "sharpness");
        Assert.InRange(flow.Distance, 0, 6e-9 * u);
    }

    [Fact]
    public void ToMinimum_SmallCurvature_IsFollowedAllTheWay()
    {
        // At curvature 1e-10 a gradient of 1e-10 is small everywhere, and says nothing.
        var flow = GradientFlow.ToMinimum(QuadraticBowl.WithSpectrum([1e-10, 3e-11], 3, [1, -2]), [2, 2]);
        Assert.True(flow.Converged);
        Near.Equal([1, -2], flow.Minimum, 3e-9, "minimum");
    }

    [Fact]
    public void ToMinimum_StartAtTheMinimumOrOnASlope_SaysWhich()
    {
        var there = GradientFlow.ToMinimum(QuadraticBowl.WithSpectrum([1, 2], 3, [0, 0]), [0, 0]);
        Assert.Equal((true, 0.0), (there.Converged, there.Distance));
        // Flat directions are no distance: the minima of the product are a curve.
        var valley = GradientFlow.ToMinimum(new ScalarProduct(3), [1, 1, 1]);
        Assert.Equal((true, 0.0), (valley.Converged, valley.Distance));
    }

    [Fact]
    public void ToMinimum_BadArguments_AreRefused()
    {
        var bowl = QuadraticBowl.WithSpectrum([1, 2], 3, [0, 0]);
        Assert.Throws<ArgumentException>(() => GradientFlow.ToMinimum(bowl, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientFlow.ToMinimum(bowl, [1, double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientFlow.ToMinimum(bowl, [1, 1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientFlow.ToMinimum(bowl, [1, 1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientFlow.ToMinimum(bowl, [1, 1], horizon: 0));
    }

    [Fact]
    public void ToMinimum_HorizonTooShort_SaysHowFarItIs()
    {
        // Curvature 1, from 1 to 0 for a time of 3: e^-3 remains, exactly the estimate of a quadratic.
        var flow = GradientFlow.ToMinimum(QuadraticBowl.WithSpectrum([1], 3, [0]), [1], horizon: 3);
        Assert.False(flow.Converged);
        // 1e-10 a step, some tens of steps.
        Near.Equal(Math.Exp(-3), flow.Distance, 1e-8, "distance");
        Near.Equal(Math.Exp(-3), flow.Minimum[0], 1e-8, "position");
    }

    [Fact]
    public void GradientFlowField_AnyLandscape_HasTheDifferencedJacobian()
    {
        foreach (
            var (name, landscape, theta) in new (string, Landscape, double[])[]
            {
                ("product", new ScalarProduct(3), [0.7, 1.1, -0.4]),
                ("network", new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1)), [0.4, 1.3]),
            }
        )
        {
            var n = theta.Length;
            double[] exact = new double[n * n],
                differenced = new double[n * n];
            var field = new GradientFlowField(landscape);
            double[] increments = [.. theta.Select(_ => 1e-8)];
            field.Jacobian(0, theta, increments, exact);
            new DifferencedFlow<GradientFlowField>(field).Jacobian(0, theta, increments, differenced);
            // Forward differences at increments of 1e-8: third derivatives of at most 4 here, and rounding of 2
            // eps/1e-8.
            Near.Equal(exact, differenced, 1e-7, name);
        }
    }

    [Property]
    public void Rosenbrock_TwoParameterNetwork_ReachesTheMinimumOfTheExplicitMethod(Real a, Real b)
    {
        var network = new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(1));
        double[] start = [a.In(0.2, 3), b.In(0.2, 3)],
            theta = [.. start];
        var time = 0.0;
        var end = new Rosenbrock(RosenbrockTableau.Rodas4, new IntegrationOptions(1e-8, 1e-11)).Integrate(
            new GradientFlowField(network),
            ref time,
            1e6,
            theta,
            g => Math.Sqrt((g[0] * g[0]) + (g[1] * g[1])) <= 1e-7
        );
        Assert.Equal(IntegrationEnd.Stopped, end);
        // The explicit run errs by 1e-6 at most (above); this one at a hundred times its tolerance by 1e-5 at most, and |g| <= 1e-7 adds less.
        Near.Equal(GradientFlow.ToMinimum(network, start).Minimum, theta, 1.2e-5, "minimum");
    }
}
