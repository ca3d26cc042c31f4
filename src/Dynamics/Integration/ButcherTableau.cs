using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Integration;

/// <summary>A second solution made of the same stages, whose difference from the first estimates the error.</summary>
/// <param name="Order">Its order, at least 1.</param>
/// <param name="Weights">Its weights, one a stage.</param>
public sealed record EmbeddedWeights(int Order, IReadOnlyList<double> Weights);

/// <summary>
/// What a method's continuous extension has beyond the cubic through both ends: with F_0 = x_1 - x_0, F_1 = h k_first - F_0, F_2 = F_0 - h k_last - F_1 and F_(3+j) = h sum_i d_ji k_i,
/// x(t_0 + theta h) = x_0 + theta (F_0 + (1 - theta) (F_1 + theta (F_2 + (1 - theta) (F_3 + ...)))) (the nested form of Hairer, Norsett and Wanner 1993, II.6).
/// </summary>
/// <param name="Order">The order of the extension: its error within a step is of order h^(Order + 1).</param>
/// <param name="Nodes">The nodes of further stages that only the extension needs; may be empty.</param>
/// <param name="Stages">The rows of those stages, over all stages before them.</param>
/// <param name="Rows">d, one row a term, one entry a stage with the further ones.</param>
public sealed record DenseExtension(
    int Order,
    IReadOnlyList<double> Nodes,
    IReadOnlyList<double[]> Stages,
    IReadOnlyList<double[]> Rows
);

/// <summary>
/// An explicit Runge-Kutta method with embedded error estimates and a continuous extension, as data. The constructor checks its shape, the row sums c_i = sum_j a_ij, and every order condition (all rooted trees)
/// of the solution, of the embedded solutions and of the extension up to the orders claimed. A method whose last stage is not the next step's first is given that stage, so that every method ends with the derivative at the step's end.
/// </summary>
public sealed partial class ButcherTableau
{
    /// <summary>Makes a tableau.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="order">The order of the solution, 1 to 8.</param>
    /// <param name="nodes">c, one a stage.</param>
    /// <param name="stages">a, row i with i entries.</param>
    /// <param name="weights">b, one a stage.</param>
    /// <param name="embedded">The solution of lower order that controls the step.</param>
    /// <param name="second">Another of still lower order, or null: the error is then |e|^2 / sqrt(|e|^2 + 0.01 |e_2|^2), as in Hairer's DOP853.</param>
    /// <param name="dense">The continuous extension, over the stages with the derivative at the step's end; null for the cubic through both ends.</param>
    /// <exception cref="ArgumentException">A condition is violated; the message says which.</exception>
    public ButcherTableau(
        string name,
        int order,
        IReadOnlyList<double> nodes,
        IReadOnlyList<double[]> stages,
        IReadOnlyList<double> weights,
        EmbeddedWeights embedded,
        EmbeddedWeights? second = null,
        DenseExtension? dense = null
    )
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(embedded);
        (Name, Order) = (name, Require.InRange(order, 1, 8));
        Require.InRange(nodes.Count, 1, name: "the number of stages");
        CheckShape(nodes, stages, weights, embedded, second);
        CheckRowSums(nodes, stages, 0);
        var trees = new RootedTrees(stages, order);
        CheckOrder(trees, [.. weights], order, "the weights");
        CheckOrder(trees, [.. embedded.Weights], Require.InRange(embedded.Order, 1, order), "the embedded weights");
        if (second is not null)
            CheckOrder(
                trees,
                [.. second.Weights],
                Require.InRange(second.Order, 1, order),
                "the second embedded weights"
            );
        var closed = nodes[^1] == 1 && weights[^1] == 0 && stages[^1].SequenceEqual(weights.Take(weights.Count - 1));
        (Nodes, Stages, Weights) = closed
            ? (nodes, stages, weights)
            : ([.. nodes, 1], [.. stages, [.. weights]], [.. weights, 0]);
        ErrorWeights = Difference(embedded);
        SecondErrorWeights = second is null ? null : Difference(second);
        Dense = dense ?? new DenseExtension(Math.Min(order, 3), [], [], []);
        CheckDense();
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The order of the solution: the error of one step is of order h^(Order + 1).</summary>
    public int Order { get; }

    /// <summary>c; the last stage is the derivative at the step's end.</summary>
    public IReadOnlyList<double> Nodes { get; }

    /// <summary>a, row i with i entries; the last row holds the weights.</summary>
    public IReadOnlyList<double[]> Stages { get; }

    /// <summary>b.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>b minus the embedded weights: the error estimate of a step is its size times this combination of the stages.</summary>
    public IReadOnlyList<double> ErrorWeights { get; }

    /// <summary>The same for the second embedded solution, or null.</summary>
    public IReadOnlyList<double>? SecondErrorWeights { get; }

    /// <summary>The continuous extension; its order is the order of what <see cref="StepInterpolant"/> returns.</summary>
    public DenseExtension Dense { get; }

    /// <summary>The weights of the continuous extension at a fraction theta of the step, over all stages.</summary>
    private double[] DenseWeights(double theta)
    {
        var count = Nodes.Count + Dense.Nodes.Count;
        var result = new double[count];
        for (var i = 0; i < count; i++)
        {
            var (b, first, last) = (i < Weights.Count ? Weights[i] : 0, i == 0 ? 1 : 0, i == Nodes.Count - 1 ? 1 : 0);
            double[] terms = [b, first - b, b - last - (first - b), .. Dense.Rows.Select(row => row[i])];
            result[i] = Nested.Sum(terms, theta);
        }

        return result;
    }

    private void CheckDense()
    {
        var count = Nodes.Count + Dense.Nodes.Count;
        Require.Length(Dense.Stages.Count, Dense.Nodes.Count, "the stages of the extension");
        for (var i = 0; i < Dense.Nodes.Count; i++)
            Require.Length(Dense.Stages[i].Length, Nodes.Count + i, $"row {i + 1} of the extension's stages");
        for (var j = 0; j < Dense.Rows.Count; j++)
            Require.Length(Dense.Rows[j].Length, count, $"row {j + 1} of the extension");
        CheckRowSums(Dense.Nodes, Dense.Stages, Nodes.Count);
        var trees = new RootedTrees([.. Stages, .. Dense.Stages], Require.InRange(Dense.Order, 1, Order));
        // The conditions are polynomials in theta of degree at most 4 + the number of rows: one more point than that settles them.
        for (var p = 1; p <= 5 + Dense.Rows.Count; p++)
        {
            var theta = p / (5.0 + Dense.Rows.Count);
            CheckOrder(trees, DenseWeights(theta), Dense.Order, $"the extension at {theta:G3} of the step", theta);
        }
    }

    private static void CheckShape(
        IReadOnlyList<double> nodes,
        IReadOnlyList<double[]> stages,
        IReadOnlyList<double> weights,
        EmbeddedWeights embedded,
        EmbeddedWeights? second
    )
    {
        Require.Length(stages.Count, nodes.Count, nameof(stages));
        Require.Length(weights.Count, nodes.Count, nameof(weights));
        Require.Length(embedded.Weights.Count, nodes.Count, nameof(embedded));
        if (second is not null)
            Require.Length(second.Weights.Count, nodes.Count, nameof(second));
        for (var i = 0; i < nodes.Count; i++)
            Require.Length(stages[i].Length, i, $"row {i + 1} of the stages");
    }

    private void CheckRowSums(IReadOnlyList<double> nodes, IReadOnlyList<double[]> stages, int offset)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            // One rounding a term, relative to the sum of sizes, and the last digit of the node.
            var tolerance = 2 * Roundoff.Unit * (stages[i].Length + 2) * (1 + stages[i].Sum(Math.Abs));
            if (!(Math.Abs(stages[i].Sum() - nodes[i]) <= tolerance))
                throw new ArgumentException(
                    $"The tableau {Name} violates 'row {offset + i + 1} sums to its node': {stages[i].Sum():R} instead of {nodes[i]:R}.",
                    nameof(stages)
                );
        }
    }

    private void CheckOrder(RootedTrees trees, ReadOnlySpan<double> weights, int order, string what, double theta = 1)
    {
        if (trees.Violation(weights, order, theta) is { } violation)
            throw new ArgumentException(
                $"The tableau {Name} violates an order condition of {what}: {violation}.",
                nameof(weights)
            );
    }

    private double[] Difference(EmbeddedWeights embedded) =>
        [.. Weights.Select((b, i) => b - (i < embedded.Weights.Count ? embedded.Weights[i] : 0))];
}

/// <summary>The nested form that all continuous extensions share: theta (f_0 + (1 - theta) (f_1 + theta (f_2 + ...))).</summary>
internal static class Nested
{
    public static double Sum(ReadOnlySpan<double> terms, double theta)
    {
        var sum = 0.0;
        for (var j = terms.Length - 1; j >= 0; j--)
            sum = (terms[j] + sum) * (j % 2 == 0 ? theta : 1 - theta);
        return sum;
    }
}
