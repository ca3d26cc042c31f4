namespace FlatBias.Dynamics.Observables;

/// <summary>How a spectrum is measured.</summary>
/// <param name="Probes">Random vectors for trace and density, at least 2: their scatter is the error.</param>
/// <param name="Depth">Lanczos steps a probe, at least 1, each a Hessian product: the density resolves about 1 / Depth
/// of the width of the bulk.</param>
/// <param name="Tolerance">Residual at which a pair counts as converged, relative to the largest |eigenvalue|, in (0,
/// 1); null for 1e-6, or what the precision of the components can show where that is more: four roots of the
/// roundoff.</param>
/// <param name="MaximumIterations">The most Hessian products of each end, at least 2.</param>
/// <param name="Seed">Seeds starts and probes.</param>
public sealed record SpectrumOptions(
    int Probes = 10,
    int Depth = 80,
    double? Tolerance = null,
    int MaximumIterations = 600,
    int Seed = 1
);
