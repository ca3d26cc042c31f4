using FlatBias.Dynamics.Integration;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>Every method on the published test set, with errors in proportion to the tolerance.</summary>
public class TestSetTests
{
    public static TheoryData<string> Problems => [.. TestSet.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Integrate_PublishedProblem_ErrsInProportionToTheTolerance(string name)
    {
        var problem = TestSet.Named(name);
        var (growth, size) = Sensitivity(problem);
        foreach (var method in TestedMethod.All)
        {
            foreach (var tolerance in new[] { 1e-4, 1e-7 })
            {
                var integrator = method.Create(new IntegrationOptions(tolerance, tolerance));
                double[] state = [.. problem.Start];
                var time = 0.0;
                Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(problem.Flow, ref time, TestSet.End, state));
                // Each accepted step errs by at most the tolerance in the root-mean-square norm, so by sqrt(n) tolerance (1 + |x|) in a component; the flow carries it to the end stretched by at most the growth.
                // The estimate is that of the embedded solution and the solution kept is better, so that no factor of safety is needed. The last term: round-off.
                var bound = integrator.Cost.Accepted * Math.Sqrt(state.Length) * tolerance * (1 + size) * growth;
                Near.Equal(
                    problem.Solution,
                    state,
                    bound + (1e-14 * (1 + size)),
                    $"{name} by {method.Name} at {tolerance}"
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Integrate_TightTolerance_ReachesTheReference(string name)
    {
        // The references themselves: 1e-13 a step, some hundreds of steps, and the growth of the problem.
        var problem = TestSet.Named(name);
        var (growth, size) = Sensitivity(problem);
        var integrator = new RungeKutta(ButcherTableau.DormandPrince853, new IntegrationOptions(1e-13, 1e-13));
        double[] state = [.. problem.Start];
        var time = 0.0;
        integrator.Integrate(problem.Flow, ref time, TestSet.End, state);
        Near.Equal(
            problem.Solution,
            state,
            1e-13 * integrator.Cost.Accepted * Math.Sqrt(state.Length) * (1 + size) * growth,
            name
        );
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Integrate_ThereAndBack_Returns(string name)
    {
        var problem = TestSet.Named(name);
        foreach (var method in TestedMethod.All.Where(m => !m.ForwardOnly))
        {
            // Two units of time: what decays at rate 10 forward grows by e^20 on the way back, and would drown longer ones.
            var integrator = method.Create(new IntegrationOptions(1e-7, 1e-10));
            double[] state = [.. problem.Start];
            var time = 0.0;
            integrator.Integrate(problem.Flow, ref time, 1, state);
            var steps = integrator.Cost.Accepted;
            Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(problem.Flow, ref time, 0, state));
            Assert.Equal(0, time);
            // The fastest rate in the set is 9 (C2): errors made by t = 1 grow by at most e^9 on the way back; elsewhere by far less.
            Near.Equal(
                problem.Start,
                state,
                1e-7
                    * (steps + integrator.Cost.Accepted)
                    * Math.Sqrt(state.Length)
                    * (1 + problem.Start.Max(Math.Abs))
                    * (name.StartsWith("C2", StringComparison.Ordinal) ? 8103 : 60),
                $"{name} by {method.Name}"
            );
        }
    }

    /// <summary>By how much an error made on the way is stretched until the end, at most (at least 1), over twenty times and every component; and the largest |x| on the way.</summary>
    private static (double Growth, double Size) Sensitivity(TestSet.Problem problem)
    {
        var exact = new RungeKutta(ButcherTableau.DormandPrince853, new IntegrationOptions(1e-12, 1e-12));
        double[] state = [.. problem.Start],
            end = [.. problem.Start];
        var (time, growth, size) = (0.0, 1.0, 0.0);
        exact.Integrate(problem.Flow, ref time, TestSet.End, end);
        time = 0;
        for (var k = 0; k < 20; k++)
        {
            size = Math.Max(size, state.Max(Math.Abs));
            for (var i = 0; i < state.Length; i++)
            {
                double[] shifted = [.. state];
                shifted[i] += 1e-6;
                var start = time;
                exact.Integrate(problem.Flow, ref start, TestSet.End, shifted);
                growth = Math.Max(growth, shifted.Zip(end, (a, b) => Math.Abs(a - b)).Max() / 1e-6);
            }

            exact.Integrate(problem.Flow, ref time, k + 1, state);
        }

        return (growth, size);
    }
}
