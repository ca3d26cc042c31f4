namespace FlatBias.Dynamics.Jets;

/// <summary>The runs of gradient descent that one collocation jet is to hold for: its swing is that of all of them, (4.14), (4.21).</summary>
/// <param name="StepSizes">The step sizes eta, at least one, finite and above 0.</param>
/// <param name="Steps">The horizon of each, at least 1.</param>
/// <param name="Start">u_0, where along v they begin, (4.17); 0 for the reference point itself.</param>
public sealed record JetRuns(IReadOnlyList<double> StepSizes, int Steps, double Start = 0)
{
    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require.InRange(StepSizes.Count, 1, name: "number of step sizes");
        foreach (var stepSize in StepSizes)
            Require.Positive(stepSize, "stepSize");
        Require.InRange(Steps, 1, name: "steps");
        Require.Finite(Start, "start");
    }
}
