using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests.Stability;

/// <summary>
/// What (4.29) says of two and three directions at the edge, against orbit diagrams and long runs. The table under
/// (4.29) is what <see cref="Diagram_SecondDirection_BeginsWhereThePotentialSays"/> prints.
/// </summary>
public class OscillationDiagramTests
{
    private const double First = 4,
        Second = 3.996;

    // A twelfth of the way from the first edge to the onset of the second direction, or back, the slower of the two
    // grows or dies at eta (4 - 3.996)/12 = 1.7e-4 a step, by e^33 in all: from 1e-3 to an amplitude of some 1e-2 by
    // e^3, and the rest is left for settling there.
    private static readonly OrbitDiagramOptions Long = new(Transient: 200_000, Recorded: 4);

    /// <summary>
    /// L = (4 x^2 + 3.996 y^2 + z^2)/2 + x^3/6 + s z (x^2 + y^2)/2 + t (x^4 + y^4)/24, so that
    /// q = -x^4/32 - k (x^2 + y^2)^2 - tau (x^4 + y^4), k = s^2/8, tau = -t/24. The second direction begins at
    /// 2/eta = (lambda_2 - r lambda_1)/(1 - r), r = k/(k + tau + 1/32), and never where r is above 1.
    /// </summary>
    public static TheoryData<string, double, double> Landscapes =>
        new()
        {
            { "apart", 0, -3 },
            { "sharing", 1, -3 },
            { "crowding", 1, -1 },
            { "excluding", 1, 1.5 },
        };

    [Theory]
    [MemberData(nameof(Landscapes))]
    public void Diagram_SecondDirection_BeginsWhereThePotentialSays(string name, double coupling, double fourth)
    {
        var landscape = Landscape(coupling, fourth);
        var (k, tau) = (coupling * coupling / 8, -fourth / 24);
        var along = k + tau + (1.0 / 32);
        var r = k / along;
        var onset = r < 1 ? 2 * (1 - r) / (Second - (r * First)) : double.PositiveInfinity;
        // Up to where the first direction alone would have an amplitude of a fifth, or a third beyond the onset.
        var last = Math.Min(2 / (First - (4 * along * 0.04)), 0.5 + (4.0 / 3 * (onset - 0.5)));
        double[] steps = [.. Enumerable.Range(1, 16).Select(i => 0.5 + ((last - 0.5) * i / 16))];
        var potential = new OscillationPotential(landscape, [0, 0, 0], 2);
        double[] x = Amplitudes(landscape, steps, 0, [2e-3, 1e-3, 0]),
            y = Amplitudes(landscape, steps, 1, [2e-3, 1e-3, 0]);
        List<(double Step, double Squared)> second = [];
        for (var i = 0; i < steps.Length; i++)
        {
            // The next order: amplitudes are right to a share of their square times derivatives of size 1 and 3 over
            // curvatures of 1 and 4, and so is 2/eta at an onset: a direction within that of its own is not asked
            // whether it has begun.
            var share = 3 * ((x[i] * x[i]) + (y[i] * y[i]));
            if (Math.Abs((2 / steps[i]) - (2 / onset)) < share * ((2 / 0.5) - (2 / steps[i])))
                continue;
            var stable = potential.Orbits(steps[i]).Where(orbit => orbit.Stable).ToArray();
            Assert.Contains(
                stable,
                orbit =>
                    Math.Abs(Math.Abs(orbit.Amplitudes[0]) - x[i]) <= (share * x[i]) + 1e-6
                    && Math.Abs(Math.Abs(orbit.Amplitudes[1]) - y[i]) <= (share * Math.Max(x[i], y[i])) + 1e-6
            );
            Assert.Equal(steps[i] > onset, y[i] > 1e-3);
            if (y[i] > 1e-3)
                second.Add((steps[i], y[i] * y[i]));
        }

        // a_2^2 rises from its onset in 2/eta in proportion, to leading order.
        var begins = double.PositiveInfinity;
        if (second.Count > 1)
        {
            var ((s0, a0), (s1, a1)) = (second[0], second[^1]);
            begins = 2 / ((2 / s0) + (a0 / (a1 - a0) * ((2 / s0) - (2 / s1))));
            Assert.InRange(Math.Abs((2 / begins) - (2 / onset)), 0, 0.1 * ((2 / 0.5) - (2 / onset)));
        }

        Assert.Equal(double.IsFinite(onset), double.IsFinite(begins));
        var end = potential.Orbits(last).Where(orbit => orbit.Stable).MaxBy(orbit => Math.Abs(orbit.Amplitudes[0]))!;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{name}: onset {onset:F6}, diagram {begins:F6}; at {last:F6} amplitudes "
                + $"{Math.Abs(end.Amplitudes[0]):F5}, {Math.Abs(end.Amplitudes[1]):F5}, diagram {x[^1]:F5}, {y[^1]:F5}"
        );
    }

    [Fact]
    public void Diagram_DirectionsThatExcludeEachOther_EachHoldWhereItBegan()
    {
        // Far enough past both edges the second alone is stable as well: which oscillates is a matter of the start.
        var landscape = Landscape(1, 1.5);
        const double stepSize = 2 / 3.98;
        var stable = new OscillationPotential(landscape, [0, 0, 0], 2).Orbits(stepSize).Where(o => o.Stable).ToArray();
        Assert.Equal(2, stable.Length);
        foreach (var (start, along) in new[] { (new[] { 0.1, 1e-3, 0 }, 0), ([1e-3, 0.1, 0], 1) })
        {
            var expected = stable.Single(orbit => Math.Abs(orbit.Amplitudes[along]) > 1e-6).Amplitudes[along];
            var found = Amplitudes(landscape, [stepSize], along, start)[0];
            Assert.Equal(Math.Abs(expected), found, 3 * expected * expected * found);
            Assert.Equal(0, Amplitudes(landscape, [stepSize], 1 - along, start)[0], 1e-6);
        }
    }

    [Fact]
    public void Run_ThreeUnstableDirections_EndsWhereTheDescentOnThePotentialDoes()
    {
        double[] curvatures = [4, 3.999, 3.998, 1];
        const double stepSize = 2 / 3.994;
        const int steps = 40_000;
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            RankOneTerm[] cubic =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(_ => new RankOneTerm(
                        1,
                        [.. Enumerable.Range(0, 4).Select(_ => (2 * random.NextDouble()) - 1)]
                    )),
            ];
            RankOneTerm[] quartic = [new(-3, [1, 0, 0, 0]), new(-3, [0, 1, 0, 0]), new(-3, [0, 0, 1, 0])];
            var matrix = new double[4, 4];
            for (var i = 0; i < 4; i++)
                matrix[i, i] = curvatures[i];
            double[] swing = [.. Enumerable.Range(0, 3).Select(_ => 1e-2 * (0.5 + random.NextDouble())), 0],
                theta = [.. swing];
            // a+ = a - eta grad Psi of (4.29), D^3 and D^4 by hand.
            for (var t = 0; t < steps; t++)
            {
                double[] centre = new double[4],
                    pull = new double[4];
                foreach (var term in cubic)
                    Add(centre, term.Weight * Math.Pow(Dot(term.Direction, swing), 2), term.Direction);
                for (var i = 0; i < 4; i++)
                    centre[i] /= curvatures[i];
                foreach (var term in cubic)
                    Add(
                        pull,
                        term.Weight * Dot(term.Direction, swing) * Dot(term.Direction, centre) / -2,
                        term.Direction
                    );
                foreach (var term in quartic)
                    Add(pull, term.Weight * Math.Pow(Dot(term.Direction, swing), 3) / 6, term.Direction);
                for (var i = 0; i < 3; i++)
                    swing[i] -= stepSize * ((((2 / stepSize) - curvatures[i]) * swing[i]) - pull[i]);
            }

            var landscape = new Quartic(matrix, cubic, quartic);
            using var rule = OptimiserSpec.GradientDescent.Create(landscape.Space);
            DescentLoop.Run(landscape, rule, stepSize, DescentLimits.AllOf(steps), theta, []);
            double[] last = [.. theta];
            DescentLoop.Run(landscape, rule, stepSize, DescentLimits.AllOf(1), theta, []);
            double[] found = [.. last.Zip(theta, (a, b) => (a - b) / 2)];
            var size = Math.Sqrt(Dot(swing, swing));
            Assert.InRange(size, 0.02, 0.2);
            // The next order: of the size squared, times derivatives of size 3 over the curvature 1.
            for (var i = 0; i < 3; i++)
                Assert.Equal(swing[i], found[i], 3 * size * size);
        }
    }

    private static Quartic Landscape(double coupling, double fourth) =>
        new(
            new double[,]
            {
                { First, 0, 0 },
                { 0, Second, 0 },
                { 0, 0, 1 },
            },
            // z x^2 / 2 = ((z + x)^3 + (z - x)^3 - 2 z^3)/12, and z y^2 / 2 likewise.
            [
                new(coupling / 2, [1, 0, 1]),
                new(coupling / 2, [-1, 0, 1]),
                new(coupling / 2, [0, 1, 1]),
                new(coupling / 2, [0, -1, 1]),
                new(-2 * coupling, [0, 0, 1]),
                new(1, [1, 0, 0]),
            ],
            [new(fourth, [1, 0, 0]), new(fourth, [0, 1, 0])]
        );

    /// <summary>Half the range of a coordinate over the end of an orbit, for each step size.</summary>
    private static double[] Amplitudes(Quartic landscape, double[] steps, int coordinate, double[] start) =>
        [
            .. OrbitDiagram
                .Compute<Family, DescentMap<Quartic.Formula>>(
                    new Family(landscape),
                    steps,
                    start,
                    Long with
                    {
                        Coordinate = coordinate,
                    }
                )
                .Select(column => (column.Values.Max() - column.Values.Min()) / 2),
        ];

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static void Add(double[] to, double weight, double[] direction)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] += weight * direction[i];
    }

    private readonly struct Family(Quartic landscape) : IMapFamily<DescentMap<Quartic.Formula>>
    {
        public DescentMap<Quartic.Formula> At(double parameter) => landscape.AsMap(parameter);
    }
}
