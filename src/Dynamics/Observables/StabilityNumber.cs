namespace FlatBias.Dynamics.Observables;

/// <summary>The stability number eta S / 2 of eq. (1.2): gradient descent is linearly stable below 1.</summary>
public static class StabilityNumber
{
    /// <summary>eta S / 2.</summary>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="sharpness">The sharpness S, the leading Hessian eigenvalue.</param>
    public static double Of(double stepSize, double sharpness) => stepSize * sharpness / 2;
}
