namespace FlatBias.Dynamics.Theories;

/// <summary>The theories that can forecast a run, by name.</summary>
public static class TheoryCatalogue
{
    /// <summary>All of them, the simplest first.</summary>
    public static IReadOnlyList<ITheory> All { get; } =
        [
            new CoupledMapTheory(), .. Enumerable.Range(2, 5).Select(order => new CurvatureMomentTheory(order)),
            .. Enumerable.Range(2, 5).Select(order => new MemoryTheory(order)), .. Enumerable.Range(2, 5).Select(order => new MemoryTheory(order, rotation: false)),
        ];
}
