using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>Tableaus refuse coefficients that violate their conditions.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class TableauTests
{
    private static readonly ButcherTableau[] Methods =
    [
        ButcherTableau.BogackiShampine,
        ButcherTableau.DormandPrince,
        ButcherTableau.Tsitouras,
        ButcherTableau.DormandPrince853,
    ];

    [Property]
    public void Constructor_OneWrongCoefficient_IsRefused(Seed seed)
    {
        var random = seed.Random();
        var t = Methods[random.Next(Methods.Length)];
        double[] nodes = [.. t.Nodes],
            weights = [.. t.Weights],
            rowOfDense = t.Dense.Rows.Count == 0 ? [] : [.. t.Dense.Rows[^1]];
        double[][] stages = [.. t.Stages.Select(row => (double[])[.. row])];
        // A millionth of a coefficient of about 1: a thousand times what any condition may be off, and well above round-off in the smallest product that it enters.
        switch (random.Next(rowOfDense.Length == 0 ? 3 : 4))
        {
            case 0:
                nodes[random.Next(1, nodes.Length)] += 1e-6;
                break;
            case 1:
                weights[random.Next(weights.Length - 1)] += 1e-6;
                break;
            case 2:
                // Two entries of one row against each other, so that the row still sums to its node and only the order conditions see it; not in the last row, which is the weights.
                var row = stages[random.Next(2, stages.Length - 1)];
                row[0] += 1e-6;
                row[1 + random.Next(row.Length - 1)] -= 1e-6;
                break;
            default:
                rowOfDense[random.Next(rowOfDense.Length)] += 1e-4;
                break;
        }

        var dense = t.Dense with
        {
            Rows = [.. t.Dense.Rows.SkipLast(1), .. rowOfDense.Length == 0 ? Array.Empty<double[]>() : [rowOfDense]],
        };
        Assert.ThrowsAny<ArgumentException>(() =>
            new ButcherTableau(t.Name, t.Order, nodes, stages, weights, Embedded(t), null, dense)
        );
    }

    [Fact]
    public void Constructor_OrderOneTooHigh_NamesTheCondition()
    {
        foreach (var t in Methods.Where(t => t.Order < 8))
        {
            var message = Assert
                .Throws<ArgumentException>(() =>
                    new ButcherTableau(t.Name, t.Order + 1, t.Nodes, t.Stages, t.Weights, Embedded(t), null, t.Dense)
                )
                .Message;
            Assert.Contains($"of the weights: order {t.Order + 1}", message, StringComparison.Ordinal);
            message = Assert
                .ThrowsAny<ArgumentException>(() =>
                    new ButcherTableau(
                        t.Name,
                        t.Order,
                        t.Nodes,
                        t.Stages,
                        t.Weights,
                        Embedded(t),
                        null,
                        t.Dense with
                        {
                            Order = t.Dense.Order + 1,
                        }
                    )
                )
                .Message;
            if (t.Dense.Order < t.Order)
                Assert.Contains("the extension", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RootedTrees_OfEachOrder_AreAsManyAsThereAre()
    {
        // The numbers of rooted trees (Cayley).
        var trees = new RootedTrees(
            [
                [],
            ],
            8
        );
        Assert.Equal([1, 1, 2, 4, 9, 20, 48, 115], Enumerable.Range(1, 8).Select(n => trees.OfOrder(n).Count));
        // The density is the product of the sizes of all subtrees: n for the bush, n! for the tall tree.
        Assert.Equal(8, trees.OfOrder(8).Min(t => t.Gamma));
        Assert.Equal(40320, trees.OfOrder(8).Max(t => t.Gamma));
    }

    [Fact]
    public void Constructor_MethodWithoutTheEndsDerivative_GetsIt()
    {
        // Heun's method, whose last stage is not the next step's first.
        var heun = new ButcherTableau(
            "Heun 2(1)",
            2,
            [0, 1],
            [
                [],
                [1],
            ],
            [0.5, 0.5],
            new(1, [1, 0])
        );
        Assert.Equal(3, heun.Nodes.Count);
        double[] state = [1];
        var time = 0.0;
        var integrator = new RungeKutta(heun, new IntegrationOptions(1e-6, 1e-6));
        Assert.Equal(
            IntegrationEnd.Reached,
            integrator.Integrate(new DelegateFlow(1, (t, x, d) => d[0] = -x[0]), ref time, 1, state)
        );
        // A decaying flow: errors of 1e-6 a step add up at most.
        Near.Equal(Math.Exp(-1), state[0], 2e-6 * integrator.Cost.Accepted, "e^-1");
        // One at the start, one to choose the first step.
        Assert.Equal(2 + (2 * (integrator.Cost.Accepted + integrator.Cost.Rejected)), integrator.Cost.Evaluations);
    }

    [Property]
    public void Rosenbrock_OneWrongCoefficient_IsRefused(Seed seed)
    {
        var (random, t) = (seed.Random(), RosenbrockTableau.Rodas4);
        double[] nodes = [.. t.Nodes],
            weights = [.. t.Weights],
            time = [.. t.TimeWeights];
        double[][] stages = [.. t.Stages.Select(row => (double[])[.. row])],
            couplings = [.. t.Couplings.Select(row => (double[])[.. row])],
            dense = [.. t.Dense.Select(row => (double[])[.. row])];
        double[] embedded = [.. weights.Zip(t.ErrorWeights, (m, e) => m - e)];
        double[][] targets =
        [
            nodes,
            weights,
            time,
            stages[random.Next(1, 6)],
            couplings[random.Next(1, 6)],
            dense[random.Next(2)],
            embedded,
        ];
        var target = targets[random.Next(targets.Length)];
        // What multiplies the last two u is free as far as these orders can tell: they are differences of two solutions, of high order themselves.
        target[random.Next(Math.Min(target.Length, 4))] += 1e-6;
        Assert.ThrowsAny<ArgumentException>(() =>
            new RosenbrockTableau(t.Name, t.Gamma, nodes, time, stages, couplings, weights, embedded, dense)
        );
    }

    private static EmbeddedWeights Embedded(ButcherTableau t) =>
        new(t.Order == 8 ? 5 : t.Order - 1, [.. t.Weights.Zip(t.ErrorWeights, (b, e) => b - e)]);
}
