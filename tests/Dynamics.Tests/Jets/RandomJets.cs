using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>Jets drawn at random, consistent in themselves: G, a and |grad V|^2 are the inner products of b_k and g_Q.</summary>
internal static class RandomJets
{
    /// <summary>m_2 = 3 and the other numbers up to the range; T with eigenvalues 0.1 to 2; C with entries up to the range.</summary>
    public static Jet Draw(Random random, int order, int width, double range = 0.5)
    {
        double[] moments = [.. FlatBias.Dynamics.Tests.Draw.Vector(random, order, range)],
            slope = FlatBias.Dynamics.Tests.Draw.Vector(random, width, range);
        moments[1] = 3;
        double[][] gradients =
        [
            .. Enumerable
                .Range(0, order)
                .Select(k => k == 0 ? new double[width] : FlatBias.Dynamics.Tests.Draw.Vector(random, width, range)),
        ];
        var gram = new double[order, order];
        for (var j = 0; j < order; j++)
        for (var k = 0; k < order; k++)
            gram[j, k] = SymmetricMatrices.Dot(gradients[j], gradients[k]);
        var stiffness = SymmetricMatrices.WithSpectrum(
            random,
            [.. Enumerable.Range(0, width).Select(i => 0.1 + (1.9 * (i + random.NextDouble()) / width))]
        );
        return new Jet(
            0.7,
            moments,
            gram,
            [.. gradients.Select(b => -SymmetricMatrices.Dot(b, slope))],
            SymmetricMatrices.Dot(slope, slope),
            -0.4,
            1
        )
        {
            Krylov = new KrylovJet(stiffness, gradients, slope) { Coupling = Symmetric(random, width, range) },
        };
    }

    /// <summary>The jet with C_2 and A of a collocation jet, entries up to the range, and no b_K, of which that knows nothing.</summary>
    public static Jet Collocated(Random random, Jet jet, double range, bool knots = true)
    {
        var (krylov, r) = (jet.Krylov!, jet.Krylov!.Dimension);
        double[]? cubic = null;
        if (knots)
        {
            cubic = new double[r * r * r];
            for (var i = 0; i < r; i++)
            for (var j = 0; j <= i; j++)
            for (var k = 0; k <= j; k++)
            {
                var entry = FlatBias.Dynamics.Tests.Draw.Uniform(random, range);
                foreach (var (a, b, c) in new[] { (i, j, k), (i, k, j), (j, i, k), (j, k, i), (k, i, j), (k, j, i) })
                    cubic[(((a * r) + b) * r) + c] = entry;
            }
        }

        return jet with
        {
            Krylov = krylov with
            {
                Gradients = [.. krylov.Gradients[..^1], new double[r]],
                Bending = Symmetric(random, r, range),
                Cubic = cubic,
            },
        };
    }

    /// <summary>A general surface and a point: leading eigenvalue about 3, a clear gap, and a smallest eigenvalue about -0.4: inside the domain of most theories.</summary>
    public static (QuarticSurface Surface, double[] Theta) Surface(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        double[] spectrum = [3, .. Enumerable.Range(1, n - 2).Select(i => 2.0 - (0.4 * i)), -0.4];
        return (QuarticSurface.Random(random, spectrum, 0.1, 0.1), FlatBias.Dynamics.Tests.Draw.Vector(random, n, 0.3));
    }

    /// <summary>The jet with everything that there is to measure.</summary>
    public static Jet Measure(QuarticSurface surface, double[] theta, int order = 6) =>
        Jet.Measure(surface, theta, order, new LanczosOptions(1e-10), krylov: surface.Space.Dimension, cubic: true);

    /// <summary>A step size within the domain of a theory: just past the edge for those that live there, well below it for the others.</summary>
    public static double StepSize(ITheory theory, Jet jet) =>
        theory.Limit == TheoryLimit.SlowEdge ? 2.02 / jet.Sharpness : 0.2;

    private static double[,] Symmetric(Random random, int n, double range)
    {
        var matrix = new double[n, n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++)
            matrix[i, j] = matrix[j, i] = FlatBias.Dynamics.Tests.Draw.Uniform(random, range);
        return matrix;
    }
}
