using FlatBias.Dynamics.Theories;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>Jets drawn at random, consistent in themselves: G, a and |grad V|^2 are the inner products of b_k and g_Q.</summary>
internal static class RandomJets
{
    /// <summary>m_2 = 3 and the other numbers up to the range; T with eigenvalues 0.1 to 2; C with entries up to the range.</summary>
    public static Jet Draw(Random random, int order, int width, double range = 0.5)
    {
        double[] moments = [.. FlatBias.Dynamics.Tests.Draw.Vector(random, order, range)], slope = Tests.Draw.Vector(random, width, range);
        moments[1] = 3;
        double[][] gradients = [.. Enumerable.Range(0, order).Select(k => k == 0 ? new double[width] : FlatBias.Dynamics.Tests.Draw.Vector(random, width, range))];
        var gram = new double[order, order];
        for (var j = 0; j < order; j++)
            for (var k = 0; k < order; k++) gram[j, k] = SymmetricMatrices.Dot(gradients[j], gradients[k]);
        var stiffness = SymmetricMatrices.WithSpectrum(random, [.. Enumerable.Range(0, width).Select(i => 0.1 + (1.9 * (i + random.NextDouble()) / width))]);
        return new Jet(0.7, moments, gram, [.. gradients.Select(b => -SymmetricMatrices.Dot(b, slope))], SymmetricMatrices.Dot(slope, slope), -0.4, 1)
        {
            Krylov = new KrylovJet(stiffness, gradients, slope) { Coupling = Symmetric(random, width, range) },
        };
    }

    private static double[,] Symmetric(Random random, int n, double range)
    {
        var matrix = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++) matrix[i, j] = matrix[j, i] = FlatBias.Dynamics.Tests.Draw.Uniform(random, range);
        return matrix;
    }
}
