using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Lab.Landscapes;

/// <summary>
/// What the view shows beside the columns of every run: the edge, and what only some landscapes have.
/// </summary>
internal static class OwnColumns
{
    public const string Edge = "edge",
        Imbalance = "imbalance",
        Polarity = "polarity";

    /// <summary>Writes them for a point.</summary>
    /// <param name="landscape">The landscape.</param>
    /// <param name="rule">The run's update rule, which knows its edge, eqs. (7.1) and (7.5).</param>
    /// <param name="state">The point.</param>
    /// <param name="row">The table; its last row is filled.</param>
    public static void Write(
        Landscape landscape,
        IUpdateRule<double[]> rule,
        in DescentState<double[]> state,
        SeriesTable row
    )
    {
        row.Set(Edge, rule.Edge * ((1 / state.StepSize) - (rule.Decay / 2)));
        if (ImbalanceAt(landscape, state.Theta) is { } imbalance)
            row.Set(Imbalance, imbalance);
        if (landscape is TwoParameterNetwork<PowerLink> network)
            row.Set(Polarity, network.State(state.Theta).Polarity(state.StepSize));
    }

    private static double? ImbalanceAt(Landscape landscape, double[] theta) =>
        landscape switch
        {
            TwoParameterNetwork<PowerLink> network => network.State(theta).Imbalance,
            TwoParameterNetwork<SquaredErrorLink> network => network.State(theta).Imbalance,
            TwoParameterNetwork<LogisticLink> network => network.State(theta).Imbalance,
            ScalarProduct { Dimension: > 1 } product => product.Imbalance(theta, 1, 0),
            MatrixFactorisation factors => factors.Imbalance(theta).FrobeniusNorm(),
            DeepLinearNetwork { Depth: > 1 } layers => layers.Imbalance(theta, 1).FrobeniusNorm(),
            _ => null,
        };
}
