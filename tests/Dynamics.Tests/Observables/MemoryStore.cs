using FlatBias.Dynamics.Checkpoints;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>A state kept in memory: written first, then read.</summary>
internal sealed class MemoryStore : IStateStore<double[]>
{
    private readonly Dictionary<string, double[]> _parts = [];

    public bool Reading { get; set; }

    public void Exchange(string name, double[] vector) => Exchange(name, vector.AsSpan());

    public void Exchange(string name, Span<double> numbers)
    {
        if (Reading)
            _parts[name].CopyTo(numbers);
        else
            _parts.Add(name, numbers.ToArray());
    }
}
