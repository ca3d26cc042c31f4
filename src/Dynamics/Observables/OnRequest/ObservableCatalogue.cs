using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>The observables on request, by name: section 9 of docs/theory.md.</summary>
public static class ObservableCatalogue
{
    /// <summary>All of them.</summary>
    public static Catalogue<ObservableEntry> All { get; } =
        new(
            "observables",
            [
                new RealisedEdgeEntry(),
                new CriticalSharpnessEntry(),
                new BatchSharpnessEntry(),
                new NoiseInteractionEntry(),
                new BatchLambdaEntry(),
                new GaussNewtonShareEntry(),
                new GradientAlignmentEntry(),
                new SharpnessDimensionEntry(),
                new TestLossEntry(),
                new MaxNormSharpnessEntry(),
                new DivisorNormEntry(),
            ]
        );

    /// <summary>Throws unless every name is that of an observable, none comes twice, and a run has what they
    /// need.</summary>
    /// <param name="names">The names.</param>
    /// <param name="has">What the run has.</param>
    /// <exception cref="ArgumentException">The message says what is wrong.</exception>
    public static void Check(IReadOnlyList<string> names, ObservableNeeds has)
    {
        ArgumentNullException.ThrowIfNull(names);
        for (var i = 0; i < names.Count; i++)
        {
            var entry = All.Find(names[i]);
            if (names.Take(i).Contains(entry.Name))
                throw new ArgumentException($"observables has {entry.Name} twice.");
            if ((entry.Needs & ~has) is var missing and not ObservableNeeds.None)
                throw Lacking(entry.Name, missing);
        }
    }

    /// <summary>That a run lacks what an observable needs.</summary>
    internal static ArgumentException Lacking(string name, ObservableNeeds missing) =>
        new($"observables has {name}, which needs {Words(missing)}.");

    private static string Words(ObservableNeeds missing) =>
        missing switch
        {
            ObservableNeeds.Minibatches => "minibatches; give batch-size",
            ObservableNeeds.Exponents => "Lyapunov exponents; give lyapunov",
            ObservableNeeds.Outputs => "a loss of outputs, as networks and sums of squares have it",
            ObservableNeeds.Divisor => "an update rule that divides, such as adam or sign",
            _ => "test samples, as networks have them; give test",
        };
}
