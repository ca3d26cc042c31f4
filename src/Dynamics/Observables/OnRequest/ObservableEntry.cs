using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>What a run must have for an observable.</summary>
[Flags]
public enum ObservableNeeds
{
    /// <summary>Nothing that not every run has.</summary>
    None = 0,

    /// <summary>Minibatches.</summary>
    Minibatches = 1,

    /// <summary>Lyapunov exponents that are carried along.</summary>
    Exponents = 2,

    /// <summary>A loss of outputs, which has a Gauss-Newton matrix.</summary>
    Outputs = 4,

    /// <summary>Samples held back for a test.</summary>
    TestSamples = 8,

    /// <summary>An update rule that divides by something.</summary>
    Divisor = 16,
}

/// <summary>An observable that a run measures where it is asked for by name.</summary>
public abstract class ObservableEntry : INamed
{
    private protected ObservableEntry(
        string name,
        string summary,
        double products,
        ObservableNeeds needs = ObservableNeeds.None
    ) => (Name, Summary, Products, Needs) = (name, summary, products, needs);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <summary>What a row of it is expected to take, in Hessian products, roughly; how many batches a mean over them
    /// takes depends on their scatter.</summary>
    public double Products { get; }

    /// <summary>What it needs of the run.</summary>
    public ObservableNeeds Needs { get; }

    /// <summary>Makes it for one run.</summary>
    internal abstract RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run);
}
