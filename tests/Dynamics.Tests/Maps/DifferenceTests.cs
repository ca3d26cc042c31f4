using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Maps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Maps;

/// <summary>Automatic Jacobians in any units, eq. (10.12).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class DifferenceTests
{
    // (h |v|)^2 f''' / 6 and u |f| / (h |v|) are both about 3e-11 of the scale; a few maps deep and for derivatives of
    // a few times it.
    private const double Tolerance = 1e-9;

    [Property]
    public void DifferenceMap_InOtherUnits_HasTheSameMultipliers(Real x, Real y, LogUniform unit, LogUniform length)
    {
        // Henon's map in units of 1e-12 to 1e12, with direction vectors of any length; at the origin and next to it
        // too.
        var (u, v) = (unit.In(1e-12, 1e12), length.In(1e-6, 1e6));
        foreach (var near in new[] { 0, 1e-12, 1e-3, 1 })
        {
            double[] state = [u * near * x.Value, u * near * y.Value],
                exact = new double[2],
                image = new double[2];
            var map = new DifferenceMap<InUnits<Henon>>(new(new Henon(1.4, 0.3), [u, u]));
            map.Differential(state, [v, -0.3 * v], image);
            new Henon(1.4, 0.3).Differential([state[0] / u, state[1] / u], [1, -0.3], exact);
            Near.Equal(exact, [image[0] / v, image[1] / v], Tolerance, $"near {near}");
        }
    }

    [Property]
    public void DifferenceMap_StatedSizes_HoldForComponentsInUnitsOfTheirOwn(Real x, Real y, LogUniform a, LogUniform b)
    {
        double[] units = [a.In(1e-12, 1e12), b.In(1e-12, 1e12)],
            exact = new double[2],
            image = new double[2];
        var map = new DifferenceMap<InUnits<Henon>>(new(new Henon(1.4, 0.3), units), units);
        foreach (var near in new[] { 0, 1e-12, 1 })
        {
            double[] state = [near * x.Value * units[0], near * y.Value * units[1]];
            map.Differential(state, [units[0], 0.7 * units[1]], image);
            new Henon(1.4, 0.3).Differential([near * x.Value, near * y.Value], [1, 0.7], exact);
            Near.Equal(exact, [image[0] / units[0], image[1] / units[1]], Tolerance, $"near {near}");
        }
    }

    [Fact]
    public void DifferenceMap_OriginMappedToItself_IsDifferencedAtTheStatedSize()
    {
        // x+ = 2 x - x^3 / u^2 at 0: nothing but a statement tells u.
        var image = new double[1];
        var map = new DifferenceMap<Cubic>(new(1e-9), [1e-9]);
        map.Differential([0], [1], image);
        Near.Equal(2, image[0], Tolerance, "slope");
        new DifferenceMap<Cubic>(new(1)).Differential([0], [1], image);
        Near.Equal(2, image[0], Tolerance, "slope where the size is 1");
    }

    [Fact]
    public void DifferenceMap_ZeroDirectionOrStateThatIsNotFinite_GivesZeroOrNaN()
    {
        var image = new double[2];
        var map = new DifferenceMap<Henon>(new Henon(1.4, 0.3));
        map.Differential([1, 1], [0, 0], image);
        Assert.Equal([0, 0], image);
        map.Differential([double.NaN, 1], [1, 0], image);
        Assert.True(double.IsNaN(image[0]));
        map.Differential([double.PositiveInfinity, 1], [1, 0], image);
        Assert.False(double.IsFinite(image[0]));
    }

    [Fact]
    public void Constructor_BadSizes_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new DifferenceMap<Henon>(new Henon(1.4, 0.3), [1]));
        Assert.Contains(
            "size 1",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => new DifferenceMap<Henon>(new Henon(1.4, 0.3), [1, 0]))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentNullException>(() => new DifferenceFlow<Lorenz>(default, null!));
    }

    [Property]
    public void DifferenceFlow_TolerancesInOtherUnits_HasTheSameDerivative(Real x, Real y, Real z, LogUniform unit)
    {
        var u = unit.In(1e-12, 1e12);
        var flow = new DifferenceFlow<ScaledLorenz>(new(u), new IntegrationOptions(1e-9, 1e-9 * u));
        foreach (var near in new[] { 0, 1e-12, 1, 20 })
        {
            double[] state = [near * x.Value, near * y.Value, near * z.Value],
                exact = new double[3],
                image = new double[3];
            flow.Differential(0, [.. state.Select(c => c * u)], [1, 0.5, -2], image);
            default(Lorenz).Differential(0, state, [1, 0.5, -2], exact);
            // The scale of the flow: up to 28 times the state.
            Near.Equal(exact, image, 100 * Tolerance, $"near {near}");
        }
    }

    private readonly struct InUnits<TMap>(TMap map, double[] units) : IDiscreteMap
        where TMap : struct, IDiscreteMap
    {
        private readonly TMap _map = map;
        private readonly double[] _units = units,
            _state = new double[units.Length];

        public int Dimension => _units.Length;

        public void Step(ReadOnlySpan<double> current, Span<double> next)
        {
            for (var i = 0; i < _units.Length; i++)
                _state[i] = current[i] / _units[i];
            _map.Step(_state, next);
            for (var i = 0; i < _units.Length; i++)
                next[i] *= _units[i];
        }
    }

    private readonly record struct Cubic(double Unit) : IDiscreteMap
    {
        public int Dimension => 1;

        public void Step(ReadOnlySpan<double> current, Span<double> next) =>
            next[0] = (2 * current[0]) - (current[0] * (current[0] / Unit) * (current[0] / Unit));
    }

    private readonly record struct ScaledLorenz(double Unit) : IFlow
    {
        public int Dimension => 3;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            default(Lorenz).Derivative(time, [state[0] / Unit, state[1] / Unit, state[2] / Unit], derivative);
            for (var i = 0; i < 3; i++)
                derivative[i] *= Unit;
        }
    }
}
