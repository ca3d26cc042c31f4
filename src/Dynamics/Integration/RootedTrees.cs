using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Integration;

/// <summary>
/// The order conditions of Runge-Kutta methods (Butcher 1963): one a rooted tree, sum_i b_i Phi_i(tree) = theta^order / gamma(tree), with Phi_i(tree) the product over the root's branches of sum_j a_ij Phi_j(branch).
/// There are 1, 1, 2, 4, 9, 20, 48, 115 trees of order 1 to 8.
/// </summary>
internal sealed class RootedTrees
{
    private readonly List<Tree>[] _ofOrder;

    /// <summary>Finds Phi of every tree for one matrix of stages.</summary>
    /// <param name="stages">a, row i with at most i entries.</param>
    /// <param name="maximumOrder">The highest order of a tree.</param>
    public RootedTrees(IReadOnlyList<double[]> stages, int maximumOrder)
    {
        var ones = Enumerable.Repeat(1.0, stages.Count).ToArray();
        _ofOrder = [.. Enumerable.Range(0, maximumOrder + 1).Select(_ => new List<Tree>())];
        if (maximumOrder >= 1)
            _ofOrder[1].Add(new Tree("t", 1, ones, ones));
        for (var order = 2; order <= maximumOrder; order++)
            Graft(stages, order, new Tree("", 1, ones, ones), order - 1, order - 1, int.MaxValue);
    }

    /// <summary>The trees of one order.</summary>
    public IReadOnlyList<Tree> OfOrder(int order) => _ofOrder[order];

    /// <summary>The first condition up to an order that weights violate at a fraction of the step, or null.</summary>
    /// <param name="weights">b(theta), one a stage.</param>
    /// <param name="order">The order claimed.</param>
    /// <param name="fraction">theta; 1 for the end of the step.</param>
    /// <returns>The condition, what it gives and what it should give.</returns>
    public string? Violation(ReadOnlySpan<double> weights, int order, double fraction = 1)
    {
        for (var n = 1; n <= order; n++)
        {
            foreach (var tree in _ofOrder[n])
            {
                var (sum, size) = (0.0, 0.0);
                for (var i = 0; i < weights.Length; i++)
                {
                    sum += weights[i] * tree.Phi[i];
                    size += Math.Abs(weights[i]) * tree.Size[i];
                }

                var expected = Math.Pow(fraction, n) / tree.Gamma;
                // n nested sums of rounded coefficients, each with at most one rounding a stage, the coefficient's own and the product's; published tables carry an error of a few units in their last digit.
                if (!(Math.Abs(sum - expected) <= 4 * n * (weights.Length + 2) * Roundoff.Unit * Math.Max(size, 1)))
                    return $"order {n}, tree {tree.Name}: {sum:R} instead of {expected:R}";
            }
        }

        return null;
    }

    /// <summary>Adds every tree of an order that continues a root with branches no larger (in order, then in place) than the last one.</summary>
    private void Graft(IReadOnlyList<double[]> stages, int order, Tree root, int left, int largest, int place)
    {
        if (left == 0)
        {
            _ofOrder[order].Add(root with { Name = $"[{root.Name}]", Gamma = root.Gamma * order });
            return;
        }

        for (var n = Math.Min(left, largest); n >= 1; n--)
        {
            var last = n == largest ? Math.Min(place, _ofOrder[n].Count - 1) : _ofOrder[n].Count - 1;
            for (var i = last; i >= 0; i--)
            {
                var branch = _ofOrder[n][i];
                var grown = new Tree(
                    root.Name + branch.Name,
                    root.Gamma * branch.Gamma,
                    Times(root.Phi, stages, branch.Phi, false),
                    Times(root.Size, stages, branch.Size, true)
                );
                Graft(stages, order, grown, left - n, n, i);
            }
        }
    }

    private static double[] Times(double[] factor, IReadOnlyList<double[]> stages, double[] values, bool absolute)
    {
        var result = new double[factor.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < stages[i].Length; j++)
                sum += (absolute ? Math.Abs(stages[i][j]) : stages[i][j]) * values[j];
            result[i] = factor[i] * sum;
        }

        return result;
    }

    /// <summary>A tree, its density gamma, Phi for each stage, and the same from absolute values, which bounds the rounding of Phi.</summary>
    internal sealed record Tree(string Name, double Gamma, double[] Phi, double[] Size);
}
