namespace FlatBias.Dynamics.Surfaces;

/// <summary>
/// A point of a surface whose loss is one of outputs: it knows the part of the Hessian that the curvature of the outputs
/// has no share in, eq. (9.7).
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IGaussNewtonPoint<TVector> : ISurfacePoint<TVector>
{
    /// <summary>result := G direction, with G = J^T H_out J the Gauss-Newton part of the Hessian: J the Jacobian of the
    /// outputs, H_out the Hessian of the loss in the outputs; for half a sum of squares J^T J of its residuals.</summary>
    /// <param name="direction">Any vector, P components.</param>
    /// <param name="result">Overwritten.</param>
    void GaussNewtonVector(TVector direction, TVector result);
}
