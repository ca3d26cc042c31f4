namespace FlatBias.Dynamics.Spectra;

/// <summary>How leading pairs are followed from one measurement to the next.</summary>
/// <param name="GuardEvery">The guard pair is measured at every n-th measurement at the latest, n at least 1; earlier where the eigenvalues have moved by as much as the gap below the frame.</param>
public sealed record TrackingOptions(int GuardEvery = 5);
