namespace FlatBias.Dynamics.Integration;

/// <summary>
/// A Rosenbrock method as data, in the form that needs no product with the Jacobian (Hairer and Wanner 1996, IV.7): (I/(h gamma) - J) u_i = f(t + c_i h, x + sum_j a_ij u_j) + sum_j C_ij u_j / h + h g_i f_t,
/// x_1 = x + sum_i m_i u_i, with an embedded solution and a continuous extension in the nested form of <see cref="DenseExtension"/>.
/// The constructor recovers the classical coefficients, Gamma = (diag(1/gamma) - C)^(-1), alpha = a Gamma, b = m Gamma, and checks c_i, g_i and the order conditions up to order 4, 3 for the embedded solution and the extension.
/// </summary>
public sealed class RosenbrockTableau
{
    /// <summary>Makes a tableau.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="gamma">gamma, above 0.</param>
    /// <param name="nodes">c, one a stage.</param>
    /// <param name="timeWeights">g, one a stage.</param>
    /// <param name="stages">a, row i with i entries.</param>
    /// <param name="couplings">C, row i with i entries.</param>
    /// <param name="weights">m, one a stage.</param>
    /// <param name="embedded">The weights of the solution of order 3, one a stage.</param>
    /// <param name="dense">The rows of the continuous extension beyond x_1 - x, one entry a stage.</param>
    /// <exception cref="ArgumentException">A condition is violated; the message says which.</exception>
    public RosenbrockTableau(
        string name,
        double gamma,
        IReadOnlyList<double> nodes,
        IReadOnlyList<double> timeWeights,
        IReadOnlyList<double[]> stages,
        IReadOnlyList<double[]> couplings,
        IReadOnlyList<double> weights,
        IReadOnlyList<double> embedded,
        IReadOnlyList<double[]> dense
    )
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(timeWeights);
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(couplings);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(embedded);
        ArgumentNullException.ThrowIfNull(dense);
        (Name, Gamma, Nodes, TimeWeights, Stages, Couplings, Weights, Dense) = (
            name,
            Require.Positive(gamma),
            nodes,
            timeWeights,
            stages,
            couplings,
            weights,
            dense
        );
        CheckShape(embedded);
        ErrorWeights = [.. weights.Zip(embedded, (m, e) => m - e)];
        var inverse = InverseCouplings();
        double[][] alpha = [.. stages.Select(row => Product(row, inverse))];
        for (var i = 0; i < nodes.Count; i++)
        {
            Check(alpha[i].Sum(), nodes[i], $"row {i + 1} sums to its node");
            Check(inverse[i].Sum(), timeWeights[i], $"row {i + 1} of Gamma sums to its time weight");
        }

        CheckOrder(alpha, inverse, [.. weights], 4, 1, "the weights");
        CheckOrder(alpha, inverse, [.. embedded], 3, 1, "the embedded weights");
        foreach (var theta in (ReadOnlySpan<double>)[0.1, 0.3, 0.5, 0.7, 0.9])
            CheckOrder(
                alpha,
                inverse,
                [.. weights.Select((m, i) => Nested.Sum([m, .. dense.Select(row => row[i])], theta))],
                3,
                theta,
                $"the extension at {theta:G2} of the step"
            );
    }

    /// <summary>Hairer and Wanner's RODAS (1996, VI.4): order 4 with an embedded order 3, six stages, stiffly accurate and L-stable; continuous extension of order 3.</summary>
    public static RosenbrockTableau Rodas4 { get; } =
        new(
            "Rodas 4(3)",
            0.25,
            [0, 0.386, 0.21, 0.63, 1, 1],
            [0.25, -0.1043, 0.1035, -0.03620000000000023, 0, 0],
            [
                [],
                [1.544],
                [0.9466785280815826, 0.2557011698983284],
                [3.314825187068521, 2.896124015972201, 0.9986419139977817],
                [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950],
                [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1],
            ],
            [
                [],
                [-5.6688],
                [-2.430093356833875, -0.2063599157091915],
                [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
                [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160],
                [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
            ],
            [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1, 1],
            [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1, 0],
            [
                [10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662, 0],
                [-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872, 0],
            ]
        );

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>gamma.</summary>
    public double Gamma { get; }

    /// <summary>c.</summary>
    public IReadOnlyList<double> Nodes { get; }

    /// <summary>g.</summary>
    public IReadOnlyList<double> TimeWeights { get; }

    /// <summary>a, row i with i entries.</summary>
    public IReadOnlyList<double[]> Stages { get; }

    /// <summary>C, row i with i entries.</summary>
    public IReadOnlyList<double[]> Couplings { get; }

    /// <summary>m.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>m minus the embedded weights.</summary>
    public IReadOnlyList<double> ErrorWeights { get; }

    /// <summary>The rows of the continuous extension.</summary>
    public IReadOnlyList<double[]> Dense { get; }

    private void CheckShape(IReadOnlyList<double> embedded)
    {
        var count = Require.InRange(Nodes.Count, 1, name: "the number of stages");
        Require.Length(TimeWeights.Count, count, "timeWeights");
        Require.Length(Stages.Count, count, "stages");
        Require.Length(Couplings.Count, count, "couplings");
        Require.Length(Weights.Count, count, "weights");
        Require.Length(embedded.Count, count, nameof(embedded));
        for (var i = 0; i < count; i++)
        {
            Require.Length(Stages[i].Length, i, $"row {i + 1} of the stages");
            Require.Length(Couplings[i].Length, i, $"row {i + 1} of the couplings");
        }

        for (var j = 0; j < Dense.Count; j++)
            Require.Length(Dense[j].Length, count, $"row {j + 1} of the extension");
    }

    /// <summary>Gamma, by forward substitution in the lower triangular diag(1/gamma) - C.</summary>
    private double[][] InverseCouplings()
    {
        double[][] inverse = [.. Nodes.Select(_ => new double[Nodes.Count])];
        for (var i = 0; i < inverse.Length; i++)
        {
            inverse[i][i] = Gamma;
            for (var j = 0; j < i; j++)
            for (var k = j; k < i; k++)
                inverse[i][j] += Gamma * Couplings[i][k] * inverse[k][j];
        }

        return inverse;
    }

    /// <summary>The conditions of Rosenbrock methods up to order 4 (Hairer and Wanner 1996, table IV.7.1, with beta = alpha + Gamma and full sums).</summary>
    private void CheckOrder(double[][] alpha, double[][] gamma, double[] weights, int order, double theta, string what)
    {
        var b = Product(weights, gamma);
        double[][] beta = [.. alpha.Select((row, i) => (double[])[.. row.Select((a, j) => a + gamma[i][j])])];
        double[] ones = [.. Nodes.Select(_ => 1.0)],
            slow = Apply(beta, ones),
            fast = Apply(alpha, ones);
        Condition(1, ones, 1);
        Condition(2, slow, 2);
        Condition(3, Times(fast, fast), 3);
        Condition(3, Apply(beta, slow), 6);
        Condition(4, Times(fast, Times(fast, fast)), 4);
        Condition(4, Times(fast, Apply(alpha, slow)), 8);
        Condition(4, Apply(beta, Times(fast, fast)), 12);
        Condition(4, Apply(beta, Apply(beta, slow)), 24);

        void Condition(int n, double[] phi, double density)
        {
            if (n <= order)
                Check(
                    b.Zip(phi, (x, y) => x * y).Sum(),
                    Math.Pow(theta, n) / density,
                    $"order {n} of {what}, density {density}"
                );
        }
    }

    private void Check(double actual, double expected, string condition)
    {
        // The published coefficients have 16 digits and sizes up to 35; three nested products amplify their last digit by up to 1e3.
        if (!(Math.Abs(actual - expected) <= 1e-12))
            throw new ArgumentException(
                $"The tableau {Name} violates '{condition}': {actual:R} instead of {expected:R}."
            );
    }

    private static double[] Product(double[] row, double[][] matrix)
    {
        var result = new double[matrix.Length];
        for (var k = 0; k < row.Length; k++)
        for (var j = 0; j < result.Length; j++)
            result[j] += row[k] * matrix[k][j];
        return result;
    }

    private static double[] Apply(double[][] matrix, double[] vector) =>
        [.. matrix.Select(row => row.Zip(vector, (x, y) => x * y).Sum())];

    private static double[] Times(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a * b)];
}
