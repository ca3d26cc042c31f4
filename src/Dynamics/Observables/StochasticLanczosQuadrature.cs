using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// Stochastic Lanczos quadrature (Ubaru, Chen and Saad 2017) for tr f(H) / P and for the density of the spectrum. m Lanczos steps from a random unit vector q give a Gauss quadrature
/// of the spectral measure of H seen from q: q^T f(H) q = sum_j tau_j f(theta_j), with theta_j the Ritz values and tau_j the squared first components of their vectors, exact for polynomials up to degree 2m - 1.
/// E q q^T = I / P, so the mean over probes estimates tr f(H) / P: without bias up to that degree, and with the bias of the quadrature beyond.
/// </summary>
public sealed class StochasticLanczosQuadrature
{
    private readonly double[][] _nodes,
        _weights;

    private StochasticLanczosQuadrature(double[][] nodes, double[][] weights, bool exact) =>
        (_nodes, _weights, IsExact) = (nodes, weights, exact);

    /// <summary>The number of probes.</summary>
    public int Probes => _nodes.Length;

    /// <summary>The smallest number m of nodes of a probe.</summary>
    internal int Depth => _nodes.Min(nodes => nodes.Length);

    /// <summary>Hessian products spent.</summary>
    internal int Products => _nodes.Sum(nodes => nodes.Length);

    /// <summary>
    /// Whether every probe's Krylov space has closed, so that its quadrature is exact for any function.
    /// </summary>
    internal bool IsExact { get; }

    /// <summary>Measures the quadratures at a point; its functionals are then free.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The point.</param>
    /// <param name="probes">The number of probes, at least 1.</param>
    /// <param name="depth">Lanczos steps m a probe, at least 1: each costs one Hessian-vector product, and m + 1 vectors are held. No more than the dimension are taken.</param>
    /// <param name="random">Supplies the probes.</param>
    public static StochasticLanczosQuadrature Measure<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        int probes,
        int depth,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(random);
        Require.InRange(probes, 1);
        Require.InRange(depth, 1);
        using var point = surface.At(theta);
        return OfComplement(surface.Space, point.HessianVector, null, 0, probes, depth, random);
    }

    /// <summary>
    /// The same for an operator in the complement of some vectors, (10.7): with P the projector onto it, tr f(P H P)
    /// over its dimension.
    /// </summary>
    /// <param name="space">The space.</param>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="locked">Orthonormal vectors; null for none.</param>
    /// <param name="count">How many of them, below the dimension.</param>
    /// <param name="probes">The number of probes, at least 1.</param>
    /// <param name="depth">Lanczos steps a probe, at least 1.</param>
    /// <param name="random">Supplies the probes.</param>
    internal static StochasticLanczosQuadrature OfComplement<TVector>(
        IVectorSpace<TVector> space,
        Action<TVector, TVector> product,
        IVectorBlock<TVector>? locked,
        int count,
        int probes,
        int depth,
        Random random
    )
    {
        double[][] nodes = new double[probes][],
            weights = new double[probes][];
        var exact = true;
        using var lanczos = new LanczosRecurrence<TVector>(space, Math.Min(depth, space.Dimension - count));
        // Directions to go on from where a Krylov space closes are not asked for, and must not move the probes.
        var (start, couplings, unused) = (space.Create(), new double[count], new Random(0));
        for (var i = 0; i < probes; i++)
        {
            space.FillGaussian(start, random);
            // Normalised first: orthogonalisation is exact to the rounding of a unit vector.
            space.Normalize(start);
            locked?.Orthogonalize(count, start, couplings);
            lanczos.Begin(start);
            // A closed Krylov space makes the quadrature exact, and a number that is not finite stays so.
            do lanczos.Extend(product, unused, locked, couplings);
            while (lanczos.Size < lanczos.Capacity && lanczos.Last > 0);
            exact &= lanczos.Last == 0;
            var ritz = RitzPairs.Of(lanczos.Alpha, lanczos.Beta, lanczos.Last, lanczos.Size, 0);
            (nodes[i], weights[i]) = (new double[lanczos.Size], new double[lanczos.Size]);
            for (var j = 0; j < lanczos.Size; j++)
                (nodes[i][j], weights[i][j]) = (ritz.Leading(j).Value, Math.Pow(ritz.Leading(j).Weights[0], 2));
        }

        space.Release(start);
        return new StochasticLanczosQuadrature(nodes, weights, exact);
    }

    /// <summary>tr f(H) / P.</summary>
    /// <param name="function">f, finite on the spectrum.</param>
    /// <returns>The estimate; its standard error is that of the probes and knows nothing of the quadrature's bias.</returns>
    public Estimate Mean(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var samples = new double[Probes];
        for (var i = 0; i < Probes; i++)
        for (var j = 0; j < _nodes[i].Length; j++)
            samples[i] += _weights[i][j] * function(_nodes[i][j]);
        return Estimate.Of(samples);
    }

    /// <summary>The spectral moment M_k = tr(H^k) / P, eq. (1.4).</summary>
    /// <param name="order">k, at least 1; without bias up to 2 m - 1.</param>
    public Estimate Moment(int order)
    {
        Require.InRange(order, 1);
        return Mean(x => Math.Pow(x, order));
    }

    /// <summary>The density of eigenvalues, each widened to a Gaussian: (1/P) sum_i N(grid; lambda_i, width^2), which integrates to 1.</summary>
    /// <param name="grid">Where to evaluate.</param>
    /// <param name="width">The standard deviation of the Gaussian, positive; details finer than it are not shown.</param>
    /// <returns>One estimate a grid point, in units of 1 / eigenvalue.</returns>
    public Estimate[] Density(IReadOnlyList<double> grid, double width)
    {
        ArgumentNullException.ThrowIfNull(grid);
        Require.Positive(width);
        return
        [
            .. grid.Select(at =>
                Mean(x => Math.Exp(-Math.Pow((at - x) / width, 2) / 2) / (width * Math.Sqrt(2 * Math.PI)))
            ),
        ];
    }
}
