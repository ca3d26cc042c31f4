namespace FlatBias.Dynamics.Integration;

/// <summary>
/// An explicit Runge-Kutta method with an embedded error estimate, as data. The constructor checks what any tableau must satisfy: shape, row sums c_i = sum_j a_ij, and the order conditions up to order 3.
/// </summary>
public sealed class ButcherTableau
{
    /// <summary>Makes a tableau.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="order">The order of the solution.</param>
    /// <param name="nodes">c, one a stage.</param>
    /// <param name="stages">a, row i with i entries.</param>
    /// <param name="weights">b, one a stage.</param>
    /// <param name="embedded">The weights of the lower-order solution, one a stage.</param>
    /// <exception cref="ArgumentException">A condition is violated; the message says which.</exception>
    public ButcherTableau(string name, int order, double[] nodes, double[][] stages, double[] weights, double[] embedded)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(embedded);
        (Name, Order, Nodes, Stages, Weights) = (name, Require.InRange(order, 2, 20), nodes, stages, weights);
        Require.Length(stages.Length, nodes.Length, nameof(stages));
        Require.Length(weights.Length, nodes.Length, nameof(weights));
        Require.Length(embedded.Length, nodes.Length, nameof(embedded));
        for (var i = 0; i < nodes.Length; i++)
        {
            Require.Length(stages[i].Length, i, $"row {i + 1} of the stages");
            Check(stages[i].Sum(), nodes[i], $"row {i + 1} sums to its node");
        }

        Check(weights.Sum(), 1, "the weights sum to 1");
        Check(embedded.Sum(), 1, "the embedded weights sum to 1");
        Check(Dot(weights, nodes), 1.0 / 2, "second order");
        if (order >= 3)
        {
            Check(Dot(weights, [.. nodes.Select(c => c * c)]), 1.0 / 3, "third order, sum b c^2");
            Check(Dot(weights, [.. stages.Select(row => Dot(row, nodes))]), 1.0 / 6, "third order, sum b a c");
        }

        ErrorWeights = [.. weights.Zip(embedded, (b, e) => b - e)];
    }

    /// <summary>The method of Dormand and Prince (1980), order 5 with an embedded order 4, seven stages of which the last is the next step's first.</summary>
    public static ButcherTableau DormandPrince { get; } = new(
        "Dormand-Prince 5(4)", 5,
        [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1],
        [
            [],
            [1.0 / 5],
            [3.0 / 40, 9.0 / 40],
            [44.0 / 45, -56.0 / 15, 32.0 / 9],
            [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
            [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
            [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
        ],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0],
        [5179.0 / 57600, 0, 7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40]);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The order of the solution.</summary>
    public int Order { get; }

    /// <summary>c.</summary>
    public IReadOnlyList<double> Nodes { get; }

    /// <summary>a, row i with i entries.</summary>
    public IReadOnlyList<double[]> Stages { get; }

    /// <summary>b.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>b minus the embedded weights: the error estimate of a step is its size times this combination of the stages.</summary>
    public IReadOnlyList<double> ErrorWeights { get; }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private void Check(double actual, double expected, string condition)
    {
        // The coefficients are rounded fractions of size up to 30: a dozen of them sum to within 1e-13.
        if (!(Math.Abs(actual - expected) <= 1e-13)) throw new ArgumentException($"The tableau {Name} violates '{condition}': {actual:R} instead of {expected:R}.");
    }
}
