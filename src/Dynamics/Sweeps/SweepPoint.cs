namespace FlatBias.Dynamics.Sweeps;

/// <summary>One combination of the values of a sweep's axes.</summary>
public sealed class SweepPoint
{
    internal SweepPoint(SweepPlan plan, int index, CancellationToken cancellation) =>
        (Plan, Index, Cancellation) = (plan, index, cancellation);

    /// <summary>The plan that it belongs to.</summary>
    public SweepPlan Plan { get; }

    /// <summary>Its place in the sweep, from 0; the last axis runs fastest.</summary>
    public int Index { get; }

    /// <summary>Ends a long measurement early: let it throw, and the point counts as not run.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The seed, from <see cref="SweepPlan.Seeds"/>.</summary>
    /// <exception cref="ArgumentException">The sweep has no seeds.</exception>
    public int Seed => (int)this[SweepPlan.SeedAxis];

    /// <summary>The value of a parameter as a number.</summary>
    /// <param name="name">The axis.</param>
    /// <exception cref="ArgumentException">There is no such axis, or it holds words.</exception>
    public double this[string name] => Plan.Axes[Plan.Place(name)].Number(Plan.ValueIndex(Index, Plan.Place(name)));

    /// <summary>The value of a parameter as written.</summary>
    /// <param name="name">The axis.</param>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public string Text(string name) => Plan.Axes[Plan.Place(name)].Text(Plan.ValueIndex(Index, Plan.Place(name)));
}
