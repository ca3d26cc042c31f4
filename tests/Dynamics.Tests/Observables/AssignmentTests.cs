using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

[Properties(Arbitrary = [typeof(Generators)])]
public class AssignmentTests
{
    [Property]
    public void Maximise_AnyMatrix_ReachesTheBestOfAllPermutations(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 6);
        var weight = new double[n, n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            weight[i, j] = Draw.Uniform(random, 1);
        var chosen = Assignment.Maximise(weight);
        Assert.Equal(Enumerable.Range(0, n), chosen.Order());
        // Potentials are sums of at most 2 n entries below 1, n additions each.
        Near.Equal(
            Frames.Permutations(n).Max(p => Total(weight, p)),
            Total(weight, chosen),
            4 * n * n * Near.Roundoff,
            "total"
        );
    }

    [Property]
    public void Maximise_WholeNumbersWithManyTies_ReachesTheBestExactly(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 6);
        var weight = new double[n, n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            weight[i, j] = random.Next(-1, 2);
        var chosen = Assignment.Maximise(weight);
        Assert.Equal(Enumerable.Range(0, n), chosen.Order());
        Assert.Equal(Frames.Permutations(n).Max(p => Total(weight, p)), Total(weight, chosen));
    }

    private static double Total(double[,] weight, int[] columns) =>
        columns.Select((column, row) => weight[row, column]).Sum();
}
