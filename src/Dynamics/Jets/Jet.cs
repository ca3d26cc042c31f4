using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// What a theory may know: local data at one reference point, eq. (4.7). With v = v_1: moments m_k = D^k L[v^k]; grad m_k = D^(k+1) L[v^k, .] and grad V = g, both
/// projected off v; of these only inner products are kept. Index k - 1 holds order k throughout.
/// </summary>
/// <param name="Loss">L at the reference point; V there.</param>
/// <param name="Moments">m_1 .. m_K.</param>
/// <param name="Gram">G_jk = grad m_j . grad m_k, K x K.</param>
/// <param name="Drift">a_k = - grad m_k . grad V.</param>
/// <param name="SquaredGradient">|grad V|^2.</param>
/// <param name="Trailing">The smallest Hessian eigenvalue at the reference point.</param>
/// <param name="Gap">lambda_1 - lambda_2; infinite in one dimension.</param>
public sealed record Jet(
    double Loss,
    double[] Moments,
    double[,] Gram,
    double[] Drift,
    double SquaredGradient,
    double Trailing,
    double Gap
)
{
    /// <summary>The floor of the valley for theories with memory, eq. (4.9); null when it was not measured.</summary>
    public KrylovJet? Krylov { get; init; }

    /// <summary>The residual for theories of it, eqs. (6.3) and (6.6); null where the surface is no sum of squares.</summary>
    public ResidualJet? Residuals { get; init; }

    /// <summary>The interval of u over which a collocation jet, (4.11), interpolates the surface; null for a Taylor jet. The moments are then the derivatives at 0 of one interpolant, which cannot be cut at a lower order.</summary>
    public Swing? Swing { get; init; }

    /// <summary>The order K.</summary>
    public int Order => Moments.Length;

    /// <summary>The sharpness S = m_2 at the reference point.</summary>
    public double Sharpness => Moments[1];

    /// <summary>Measures the jet of a surface at a point.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point.</param>
    /// <param name="order">The order K, from 2 to the surface's <see cref="ISurface{TVector}.MaximumOrder"/>.</param>
    /// <param name="options">Settings of the eigenvalue measurement.</param>
    /// <param name="seed">Seeds the Lanczos start.</param>
    /// <param name="krylov">The number r of Krylov vectors for theories with memory; 0 for none.</param>
    /// <param name="cubic">Whether the cubic coupling (4.10) is measured too: at six gradient-equivalents for each Krylov vector on a network, ten by polarisation elsewhere. It needs Krylov vectors.</param>
    public static Jet Measure<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        int order,
        LanczosOptions options,
        int seed = 0,
        int krylov = 0,
        bool cubic = false
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        Require.InRange(order, 2, surface.MaximumOrder);
        Require.InRange(krylov, cubic ? 1 : 0);
        var space = surface.Space;
        using var solver = new LanczosEigensolver<TVector>(space, options);
        using var frame = new EigenFrame<TVector>(space, 1);
        using var point = surface.At(theta);
        var start = space.Create();
        var random = new Random(seed);
        space.FillGaussian(start, random);
        solver.Solve(point.HessianVector, start, random, frame);
        space.Release(start);
        return Along(surface, point, frame.Vectors[0], order, frame.Trailing, frame.Gap(0), krylov, cubic);
    }

    /// <summary>The jet along a given unit direction, for surfaces whose unstable coordinate is known.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="point">The surface at the reference point.</param>
    /// <param name="direction">The unit vector v.</param>
    /// <param name="order">The order K, at least 2.</param>
    /// <param name="trailing">The smallest Hessian eigenvalue, or NaN when not known.</param>
    /// <param name="gap">lambda_1 - lambda_2, or NaN when not known.</param>
    /// <param name="krylov">The number r of Krylov vectors for theories with memory; 0 for none.</param>
    /// <param name="cubic">Whether the cubic coupling (4.10) is measured too: at six gradient-equivalents for each Krylov vector on a network, ten by polarisation elsewhere. It needs Krylov vectors.</param>
    public static Jet Along<TVector>(
        ISurface<TVector> surface,
        ISurfacePoint<TVector> point,
        TVector direction,
        int order,
        double trailing = double.NaN,
        double gap = double.NaN,
        int krylov = 0,
        bool cubic = false
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        Require.InRange(krylov, cubic ? 1 : 0);
        using var basis = Basis(surface.Space, krylov);
        return Along(surface, point, direction, order, trailing, gap, basis, cubic);
    }

    /// <summary>A place for the Krylov vectors of a jet; null for none.</summary>
    internal static IVectorBlock<TVector>? Basis<TVector>(IVectorSpace<TVector> space, int krylov) =>
        krylov == 0 ? null : space.CreateBlock(Math.Max(1, Math.Min(krylov, space.Dimension - 1)));

    /// <summary>The same with the Krylov vectors kept in a basis of one's own, or without any.</summary>
    internal static Jet Along<TVector>(
        ISurface<TVector> surface,
        ISurfacePoint<TVector> point,
        TVector direction,
        int order,
        double trailing,
        double gap,
        IVectorBlock<TVector>? basis,
        bool cubic
    )
    {
        ArgumentNullException.ThrowIfNull(point);
        Require.InRange(order, 2, surface.MaximumOrder);
        var space = surface.Space;
        using var gradients = space.CreateBlock(order + 1); // row 0: grad V, row k: grad m_k
        space.Copy(point.Gradient, gradients[0]);
        for (var k = 1; k <= order; k++)
            point.DirectionalGradient(direction, k, gradients[k]);
        for (var k = 0; k <= order; k++)
            space.Axpy(-space.Dot(direction, gradients[k]), direction, gradients[k]);
        var moments = new double[order];
        point.DirectionalDerivatives(direction, moments);
        var gram = new double[order, order];
        var drift = new double[order];
        for (var j = 1; j <= order; j++)
        {
            drift[j - 1] = -space.Dot(gradients[j], gradients[0]);
            for (var k = 1; k <= order; k++)
                gram[j - 1, k - 1] = space.Dot(gradients[j], gradients[k]);
        }

        return new Jet(point.Loss, moments, gram, drift, space.Dot(gradients[0], gradients[0]), trailing, gap)
        {
            Krylov = basis is null ? null : KrylovJet.Build(space, point, direction, gradients, basis, cubic),
            Residuals = ResidualJet.Measure(space, point, direction),
        };
    }

    /// <summary>The jet without its moments above an order.</summary>
    /// <param name="order">K, from 2 to the present order.</param>
    /// <returns>The jet cut at K; its Krylov part is kept whole.</returns>
    internal Jet Truncated(int order)
    {
        var gram = new double[order, order];
        for (var j = 0; j < order; j++)
        for (var k = 0; k < order; k++)
            gram[j, k] = Gram[j, k];
        return this with { Moments = Moments[..order], Drift = Drift[..order], Gram = gram };
    }
}
