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

    private StochasticLanczosQuadrature(double[][] nodes, double[][] weights) => (_nodes, _weights) = (nodes, weights);

    /// <summary>The number of probes.</summary>
    public int Probes => _nodes.Length;

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
        double[][] nodes = new double[probes][],
            weights = new double[probes][];
        using var point = surface.At(theta);
        using var basis = surface.Space.CreateBlock(Math.Min(depth, surface.Space.Dimension));
        for (var i = 0; i < probes; i++)
            (nodes[i], weights[i]) = Quadrature(surface.Space, point, basis, random);
        return new StochasticLanczosQuadrature(nodes, weights);
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

    private static (double[] Nodes, double[] Weights) Quadrature<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        IVectorBlock<TVector> basis,
        Random random
    )
    {
        var depth = basis.Capacity;
        double[] alpha = new double[depth],
            beta = new double[depth],
            scratch = new double[depth];
        var work = space.Create();
        space.FillGaussian(work, random);
        space.Normalize(work);
        var (size, scale) = (0, 0.0);
        while (true)
        {
            space.Copy(work, basis[size]);
            point.HessianVector(basis[size], work);
            alpha[size] = space.Dot(basis[size], work);
            basis.Orthogonalize(size + 1, work, scratch);
            beta[size] = space.Normalize(work);
            scale = Math.Max(scale, Math.Abs(alpha[size]) + beta[size]);
            // A closed Krylov space makes the quadrature exact.
            if (++size == depth || !(beta[size - 1] > 64 * space.UnitRoundoff * scale))
                break;
        }

        space.Release(work);
        var ritz = RitzPairs.Of(alpha.AsSpan(0, size), beta, 0, size, 0);
        double[] nodes = new double[size],
            weights = new double[size];
        for (var j = 0; j < size; j++)
            (nodes[j], weights[j]) = (ritz.Leading(j).Value, Math.Pow(ritz.Leading(j).Weights[0], 2));
        return (nodes, weights);
    }
}
