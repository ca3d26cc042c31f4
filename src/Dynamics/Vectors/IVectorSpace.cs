namespace FlatBias.Dynamics.Vectors;

/// <summary>
/// The arithmetic that descent and curvature measurement need of a vector type: <c>double[]</c> for landscapes, a tensor for networks.
/// Everything to the right of a surface is written once over this interface.
/// </summary>
/// <typeparam name="TVector">The storage of one vector of length <see cref="Dimension"/>.</typeparam>
public interface IVectorSpace<TVector>
{
    /// <summary>The number of components P of a vector, at least 1.</summary>
    int Dimension { get; }

    /// <summary>The unit roundoff of the component type: 2^-53 in float64, 2^-24 in float32.</summary>
    double UnitRoundoff { get; }

    /// <summary>Makes a zero vector; give it back with <see cref="Release"/>.</summary>
    /// <returns>A new vector, all components zero.</returns>
    TVector Create();

    /// <summary>Gives back the storage of a vector made by <see cref="Create"/>; a no-op where the garbage collector does it.</summary>
    /// <param name="vector">The vector, not to be used again.</param>
    void Release(TVector vector);

    /// <summary>destination := source.</summary>
    /// <param name="source">The vector to read.</param>
    /// <param name="destination">The vector to overwrite.</param>
    void Copy(TVector source, TVector destination);

    /// <summary>The inner product left . right.</summary>
    /// <param name="left">First vector.</param>
    /// <param name="right">Second vector.</param>
    /// <returns>
    /// The inner product, NaN when a component is; to the precision of the components wherever the products of
    /// components are float64 numbers.
    /// </returns>
    double Dot(TVector left, TVector right);

    /// <summary>
    /// The Euclidean norm, eq. (10.1): right wherever it is a float64 number, even where the squares of the components
    /// are not.
    /// </summary>
    /// <param name="x">The vector.</param>
    /// <returns>|x|, NaN when a component is.</returns>
    double Norm(TVector x);

    /// <summary>y := y + scale x.</summary>
    /// <param name="scale">The factor of x.</param>
    /// <param name="x">The vector to add.</param>
    /// <param name="y">The vector to change.</param>
    void Axpy(double scale, TVector x, TVector y);

    /// <summary>x := scale x.</summary>
    /// <param name="scale">The factor.</param>
    /// <param name="x">The vector to change.</param>
    void Scale(double scale, TVector x);

    /// <summary>result := left right, component by component.</summary>
    /// <param name="left">First vector.</param>
    /// <param name="right">Second vector.</param>
    /// <param name="result">The vector to overwrite; may be one of the two.</param>
    void Multiply(TVector left, TVector right, TVector result);

    /// <summary>result := left / right, component by component, and 0 where right is 0: what has no scale is not
    /// moved.</summary>
    /// <param name="left">The numerators.</param>
    /// <param name="right">The denominators.</param>
    /// <param name="result">The vector to overwrite; may be one of the two.</param>
    void Divide(TVector left, TVector right, TVector result);

    /// <summary>greatest := max(greatest, x), component by component; NaN where either is.</summary>
    /// <param name="x">The vector to compare with.</param>
    /// <param name="greatest">The vector to change.</param>
    void Maximum(TVector x, TVector greatest);

    /// <summary>
    /// root := sqrt(decay root^2 + (1 - decay) x^2), component by component: the root of the running second moment of
    /// adaptive rules, eq. (7.4).
    /// It is right wherever root and x are: the squares may leave the range of the component type.
    /// </summary>
    /// <param name="decay">The weight of the past, in [0, 1).</param>
    /// <param name="x">The vector whose squares enter.</param>
    /// <param name="root">The vector to change, not negative.</param>
    void AccumulateRoots(double decay, TVector x, TVector root);

    /// <summary>
    /// result := (clamp(scale roots, low, high) + epsilon)^exponent, component by component: the denominators of
    /// adaptive rules.
    /// 0 stays 0 whatever the exponent.
    /// </summary>
    /// <param name="roots">Roots of second moments, not negative.</param>
    /// <param name="scale">The bias correction of the root.</param>
    /// <param name="low">The smallest root allowed.</param>
    /// <param name="high">The largest root allowed, above 0.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="exponent">1 for a step, minus 1/2 for a preconditioned Hessian.</param>
    /// <param name="result">The vector to overwrite.</param>
    void ClampedRoots(
        TVector roots,
        double scale,
        double low,
        double high,
        double epsilon,
        double exponent,
        TVector result
    );

    /// <summary>
    /// x := its polar factor U V^T, x = U s V^T, matrix by matrix, with singular values of 0 left out; a space that knows
    /// no matrices takes x for a single column, whose polar factor is x/|x|.
    /// </summary>
    /// <param name="x">The vector to change.</param>
    void Polar(TVector x)
    {
        var norm = Norm(x);
        if (norm != 0)
            this.Normalise(x, norm);
    }

    /// <summary>Fills a vector with independent standard normal numbers from <paramref name="random"/>: the same numbers for every vector type.</summary>
    /// <param name="x">The vector to overwrite.</param>
    /// <param name="random">The generator; its state advances.</param>
    void FillGaussian(TVector x, Random random);

    /// <summary>Copies the components into an array.</summary>
    /// <param name="x">The vector to read.</param>
    /// <returns>A new array of length <see cref="Dimension"/>.</returns>
    double[] ToArray(TVector x);

    /// <summary>Makes a block of <paramref name="capacity"/> zero vectors stored together.</summary>
    /// <param name="capacity">The number of vectors, at least 1.</param>
    /// <returns>The block; dispose it when done.</returns>
    IVectorBlock<TVector> CreateBlock(int capacity);
}

/// <summary>Vectors stored together, so that a Gram-Schmidt step is two matrix products. Row i is the i-th vector.</summary>
/// <typeparam name="TVector">The storage of one vector.</typeparam>
public interface IVectorBlock<TVector> : IDisposable
{
    /// <summary>The number of vectors.</summary>
    int Capacity { get; }

    /// <summary>The i-th vector, a view: writing to it writes to the block.</summary>
    /// <param name="index">From 0 to <see cref="Capacity"/> - 1.</param>
    TVector this[int index] { get; }

    /// <summary>coefficients[i] := block[i] . x for the first <c>coefficients.Length</c> vectors.</summary>
    /// <param name="x">The vector to project.</param>
    /// <param name="coefficients">The destination; its length selects how many vectors take part.</param>
    void Project(TVector x, Span<double> coefficients);

    /// <summary>x := x + sum_i coefficients[i] block[i] over the first <c>coefficients.Length</c> vectors.</summary>
    /// <param name="coefficients">One factor a vector.</param>
    /// <param name="x">The vector to change.</param>
    void Accumulate(ReadOnlySpan<double> coefficients, TVector x);
}
