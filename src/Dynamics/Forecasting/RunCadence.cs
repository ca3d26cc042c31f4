namespace FlatBias.Dynamics.Forecasting;

/// <summary>How long stochastic runs are, and how often they are measured.</summary>
/// <param name="Horizon">The steps of a run.</param>
/// <param name="Tolerance">The residual of its leading pair relative to |H|.</param>
/// <param name="Seed">Seeds the eigensolver.</param>
/// <param name="Every">Measured at every n-th step and at the end.</param>
/// <param name="Onward">The first runs go on to this step; those that do are as long as the others where it is smaller.</param>
internal sealed record RunCadence(int Horizon, double Tolerance, int Seed, int Every = 1, int Onward = 0)
{
    // Long runs: one would have no spread, and more cost more than all the others.
    private const int Long = 2;

    /// <summary>The steps of the run with that number, from 0.</summary>
    public int Length(int draw) => draw < Long ? Math.Max(Horizon, Onward) : Horizon;

    /// <summary>The steps of all runs before the one with that number.</summary>
    public int Steps(int draw) => Enumerable.Range(0, draw).Sum(Length);
}
