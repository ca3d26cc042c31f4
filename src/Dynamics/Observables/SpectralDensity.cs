namespace FlatBias.Dynamics.Observables;

/// <summary>The density of eigenvalues, each widened to a Gaussian, on a grid: eqs. (10.7), (10.8).</summary>
/// <param name="Grid">The eigenvalues at which it is given, never falling: where eigenvalues coincide, so
/// do points.</param>
/// <param name="Values">The density there, in units of 1 / eigenvalue; it integrates to 1.</param>
/// <param name="Errors">Half the width of its band: 95 % of the scatter of the probes, and the bound of what the
/// quadrature may be off.</param>
/// <param name="Width">The standard deviation of the Gaussian: what is finer is not shown.</param>
public sealed record SpectralDensity(double[] Grid, double[] Values, double[] Errors, double Width);
