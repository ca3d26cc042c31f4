using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Maps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>
/// No length and no time of the integrators' own: x -> u x, t -> s t changes nothing. Units that are powers of two
/// scale every number exactly, so that results must agree to the last bit; decimal ones to rounding.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class UnitTests
{
    // A forced oscillator whose second component starts at zero and at rest, and one that nothing moves.
    private static readonly DelegateFlow Forced = new(
        3,
        (t, x, d) =>
        {
            d[0] = x[1];
            d[1] = ((1 - (x[0] * x[0])) * x[1]) - x[0] + Math.Cos(2 * t);
            d[2] = x[2] * x[0];
        }
    );

    public static TheoryData<string> Methods => TestedMethod.Names;

    [Property]
    public void Integrate_InUnitsOfPowersOfTwo_GivesTheSameBits(Real state, Real time)
    {
        var (u, s) = (Power(state), Power(time));
        foreach (var method in TestedMethod.All)
            Assert.Equal(Story(method, [1, 1, 1], 1), Story(method, [u, u, u], s));
    }

    [Property]
    public void Integrate_ComponentsInUnitsOfTheirOwn_GivesTheSameBits(Real a, Real b, Real c)
    {
        // Explicit methods only: the pivots of a linear system, and with them its rounding, follow the units of the
        // rows.
        double[] units = [Power(a), Power(b), Power(c)];
        foreach (var method in TestedMethod.All.Where(m => !m.ForwardOnly))
            Assert.Equal(Story(method, [1, 1, 1], 1), Story(method, units, 1));
    }

    [Property]
    public void Integrate_InDecimalUnits_AgreesToTheTolerance(LogUniform state, LogUniform time)
    {
        var (u, s) = (state.In(1e-12, 1e12), time.In(1e-12, 1e12));
        foreach (var method in TestedMethod.All)
        {
            var (one, other) = (Story(method, [1, 1, 1], 1), Story(method, [u, u, u], s));
            Assert.Equal(one.Count, other.Count);
            // Rounding differs and with it, a little, the steps: both runs err by 1e-7 a step, some hundreds of them,
            // and neighbouring orbits of the forced oscillator separate by less than e^3 until 6.
            for (var i = 0; i < one.Count - 1; i++)
                Near.Equal(one[i], other[i], 1e-7 * 500 * 20, $"{method.Name}: number {i}");
        }
    }

    [Property]
    public void FlowMap_InUnitsOfPowersOfTwo_GivesTheSameBits(Real state, Real time, Real tangent)
    {
        var (u, s, v) = (Power(state), Power(time), Power(tangent));
        Assert.Equal(Images(1, 1, 1), Images(u, s, v));

        static List<double> Images(double u, double s, double v)
        {
            var options = new IntegrationOptions(1e-9, 1e-11 * u);
            var flow = new Scaled(Forced, [u, u, u], s);
            var map = new FlowMap<DifferenceFlow<Scaled>>(new(flow, options), 2 * s, options);
            double[] next = new double[3],
                images = new double[6];
            map.StepTangent([u, 0, 0], [v, 0, 0, 0.25 * v, v, -3 * v], next, images);
            return [.. next.Select(x => x / u), .. images.Select(x => x / v)];
        }
    }

    [Fact]
    public void FlowMap_TolerancesByComponent_HoldForTangentsToo()
    {
        // x' = -x, y' = -2 y in units of 2^-40 and 2^40, with the tolerances of those units.
        var (small, large) = (Math.ScaleB(1, -40), Math.ScaleB(1, 40));
        var options = new IntegrationOptions(1e-10) { AbsoluteByComponent = [1e-12 * small, 1e-12 * large] };
        var map = new FlowMap<DifferenceFlow<DelegateFlow>>(
            new(new(2, (t, x, d) => (d[0], d[1]) = (-x[0], -2 * x[1])), options),
            1,
            options
        );
        double[] next = new double[2],
            images = new double[4];
        map.StepTangent([small, large], [small, 0, 0, large], next, images);
        // 1e-10 a step, a few tens of steps of a contracting flow; the difference quotient of a linear flow is exact to
        // about 1e-10.
        double[] expected = [Math.Exp(-1), Math.Exp(-2), Math.Exp(-1), 0, 0, Math.Exp(-2)];
        double[] actual =
        [
            next[0] / small,
            next[1] / large,
            images[0] / small,
            images[1] / large,
            images[2] / small,
            images[3] / large,
        ];
        Near.Equal(expected, actual, 1e-8, "state and tangents");
    }

    /// <summary>2^-40 to 2^40, 1e-12 to 1e12.</summary>
    private static double Power(Real exponent) => Math.ScaleB(1, (int)Math.Round(40 * exponent.Value));

    /// <summary>Everything that an integration tells, in units of 1.</summary>
    private static List<double> Story(TestedMethod method, double[] u, double s)
    {
        var story = new List<double>();
        var options = new IntegrationOptions(1e-7)
        {
            AbsoluteByComponent = [.. u.Select(unit => 1e-9 * unit)],
            MaximumStep = 0.5 * s,
            JumpTimes = [2.5 * s],
        };
        var integrator = method.Create(options);
        var locator = new EventLocator(
            [new("x", (t, x) => x[0]), new("v", (t, x) => x[1] - (0.5 * u[1]), EventDirection.Rising)],
            (e, t, x) => Tell(t, x)
        );
        var sampler = new Sampler([0.1 * s, 1 * s, 5 * s], (i, t, x) => Tell(t, x));
        double[] state = [u[0], 0, 0];
        var time = 0.0;
        Assert.Equal(
            IntegrationEnd.Reached,
            integrator.Integrate(new Scaled(Forced, u, s), ref time, 6 * s, state, locator, sampler)
        );
        Tell(time, state);
        story.Add(integrator.Cost.Accepted + (1e-6 * integrator.Cost.Rejected));
        return story;

        void Tell(double t, ReadOnlySpan<double> x)
        {
            story.Add(t / s);
            for (var i = 0; i < x.Length; i++)
                story.Add(x[i] / u[i]);
        }
    }

    /// <summary>A flow in other units.</summary>
    private readonly struct Scaled(DelegateFlow flow, double[] u, double s) : IFlow
    {
        private readonly DelegateFlow _flow = flow;
        private readonly double[] _u = u,
            _x = new double[flow.Dimension];
        private readonly double _s = s;

        public int Dimension => _flow.Dimension;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            for (var i = 0; i < _u.Length; i++)
                _x[i] = state[i] / _u[i];
            _flow.Derivative(time / _s, _x, derivative);
            for (var i = 0; i < _u.Length; i++)
                derivative[i] *= _u[i] / _s;
        }
    }
}
