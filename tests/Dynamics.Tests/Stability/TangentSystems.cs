using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Maps;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>The list of systems that must pass the conformance suite: adding a line here puts a system through it.</summary>
internal static class TangentSystems
{
    private static readonly IntegrationOptions Tight = new(1e-12, 1e-12);
    private static readonly double[,] Matrix =
    {
        { 0.3, 0.5, 0.1 },
        { -0.2, -0.7, 0.4 },
        { 0, 0.1, 0.9 },
    };
    private static readonly double[] Centre = [0.2, -0.4, 1.1];

    // Formulas of a few operations: ten roundings. Flows at tolerance 1e-12: some ten to a hundred steps. Differences: 3e-11 and a few.
    private const double Formula = 10 * Near.Roundoff,
        Flow = 1e-10,
        Automatic = 1e-9;

    public static TangentCase[] All { get; } =
    [
        TangentCase.Of("logistic", () => new TangentMap<Logistic>(new Logistic(3.7)), 2, Formula),
        TangentCase.Of(
            "logistic, automatic",
            () => new TangentMap<DifferenceMap<Logistic>>(new(new Logistic(3.7))),
            2,
            Automatic
        ),
        TangentCase.Of("Henon", () => new TangentMap<Henon>(new Henon(1.4, 0.3)), 2, Formula),
        TangentCase.Of(
            "Henon, automatic",
            () => new TangentMap<DifferenceMap<Henon>>(new(new Henon(1.4, 0.3))),
            2,
            Automatic
        ),
        TangentCase.Of(
            "Henon, third iterate",
            () => new IteratedMap<TangentMap<Henon>>(new(new Henon(1.4, 0.3)), 3, 2),
            0.7,
            100 * Formula
        ),
        TangentCase.Of("delayed logistic", () => new TangentMap<DelayedLogistic>(new DelayedLogistic(2.1)), 2, Formula),
        TangentCase.Of("affine map", () => new TangentMap<AffineMap>(new AffineMap(Matrix, Centre)), 3, Formula),
        TangentCase.Of(
            "affine map, automatic",
            () => new TangentMap<DifferenceMap<AffineMap>>(new(new AffineMap(Matrix, Centre))),
            3,
            Automatic
        ),
        TangentCase.Of(
            "affine flow",
            () => new FlowMap<AffineFlow>(new AffineFlow(Matrix, Centre), 0.7, Tight),
            3,
            Flow
        ),
        TangentCase.Of(
            "affine flow, automatic",
            () => new FlowMap<DifferenceFlow<AffineFlow>>(new(new AffineFlow(Matrix, Centre), Tight), 0.7, Tight),
            3,
            Automatic
        ),
        TangentCase.Of("Lorenz", () => new FlowMap<Lorenz>(default, 0.1, Tight), 10, Flow),
        TangentCase.Of(
            "Lorenz, automatic",
            () => new FlowMap<DifferenceFlow<Lorenz>>(new(default, Tight), 0.1, Tight),
            10,
            Automatic
        ),
        TangentCase.Of("forced pendulum", () => new FlowMap<ForcedPendulum>(default, 1, Tight), 2, Flow),
    ];
}
