using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// Leading and trailing eigenpairs of a symmetric operator, orthogonal to each other. The trailing ones are the leading
/// ones
/// of -H with the leading subspace moved out of the way, so that where eigenvalues are the same at both ends no vector
/// comes
/// twice.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class SpectrumEnds<TVector> : IDisposable
{
    /// <summary>Finds the pairs.</summary>
    /// <param name="space">The space.</param>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <param name="options">Tolerance and limits of each end.</param>
    /// <param name="leading">The number of leading pairs, at least 1.</param>
    /// <param name="trailing">The number of trailing pairs, from 0; both together at most the dimension.</param>
    /// <param name="random">Supplies the starts.</param>
    public SpectrumEnds(
        IVectorSpace<TVector> space,
        Action<TVector, TVector> product,
        LanczosOptions options,
        int leading,
        int trailing,
        Random random
    )
    {
        Vectors = space.CreateBlock(leading + trailing);
        var top = Solve(space, product, options, leading, random, 0);
        (Leading, LeadingResiduals, Converged, PossiblyMissed, Products) = (
            top.Values,
            top.Residuals,
            top.Converged,
            top.PossiblyMissed,
            top.Products
        );
        if (trailing == 0)
            return;
        // Twice |H| below zero: lower than every eigenvalue of -H.
        var size = Math.Max(Math.Abs(top.Values[0]), Math.Abs(top.Trailing));
        var shift = size > 0 ? 2 * size : 1;
        var (inside, coefficients) = (space.Create(), new double[leading]);
        var bottom = Solve(space, Away, options, trailing, random, leading);
        space.Release(inside);
        Trailing = [.. bottom.Values.Select(value => -value)];
        TrailingResiduals = bottom.Residuals;
        Converged &= bottom.Converged;
        PossiblyMissed |= bottom.PossiblyMissed;
        Products += bottom.Products;

        void Away(TVector x, TVector y)
        {
            // y := -P H P x - shift V V^T x, with V the leading vectors, P = I - V V^T.
            space.Copy(x, inside);
            for (var i = 0; i < leading; i++)
            {
                coefficients[i] = space.Dot(x, Vectors[i]);
                space.Axpy(-coefficients[i], Vectors[i], inside);
            }

            product(inside, y);
            space.Scale(-1, y);
            for (var i = 0; i < leading; i++)
                space.Axpy(-space.Dot(y, Vectors[i]) - (shift * coefficients[i]), Vectors[i], y);
        }
    }

    /// <summary>Largest first.</summary>
    public double[] Leading { get; }

    /// <summary>Residuals of the leading pairs.</summary>
    public double[] LeadingResiduals { get; }

    /// <summary>Smallest first.</summary>
    public double[] Trailing { get; } = [];

    /// <summary>Residuals of the trailing pairs.</summary>
    public double[] TrailingResiduals { get; } = [];

    /// <summary>Orthonormal: the leading vectors, then the trailing ones.</summary>
    public IVectorBlock<TVector> Vectors { get; }

    /// <summary>Whether all pairs met the tolerance.</summary>
    public bool Converged { get; }

    /// <summary>Whether one that belongs among them may have been missed.</summary>
    public bool PossiblyMissed { get; }

    /// <summary>Products spent.</summary>
    public int Products { get; }

    /// <inheritdoc/>
    public void Dispose() => Vectors.Dispose();

    /// <summary>
    /// Leading pairs of an operator, their vectors copied behind those that there are and made orthogonal to them to
    /// rounding.
    /// </summary>
    private (
        double[] Values,
        double[] Residuals,
        double Trailing,
        bool Converged,
        bool PossiblyMissed,
        int Products
    ) Solve(
        IVectorSpace<TVector> space,
        Action<TVector, TVector> product,
        LanczosOptions options,
        int count,
        Random random,
        int held
    )
    {
        using var solver = new LanczosEigensolver<TVector>(space, options);
        using var frame = new EigenFrame<TVector>(space, count);
        var start = space.Create();
        space.FillGaussian(start, random);
        solver.Solve(product, start, random, frame);
        space.Release(start);
        var scratch = new double[held + count];
        for (var i = 0; i < count; i++)
        {
            space.Copy(frame.Vectors[i], Vectors[held + i]);
            if (held + i > 0)
                Vectors.Orthogonalize(held + i, Vectors[held + i], scratch);
            space.Normalize(Vectors[held + i]);
        }

        return (frame.Values, frame.Residuals, frame.Trailing, frame.Converged, frame.PossiblyMissed, frame.Products);
    }
}
