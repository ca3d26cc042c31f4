using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>The theories that can forecast a run, by name.</summary>
public static class TheoryCatalogue
{
    private static IEnumerable<int> Orders => Enumerable.Range(2, 5);

    /// <summary>All of them, the simplest first.</summary>
    public static Catalogue<ITheory> All { get; } =
        new(
            "theory",
            [
                new CoupledMapTheory(),
                new GradientFlowTheory(),
                new TwoStepFlowTheory(),
                new RodFlowTheory(),
                .. Orders.Select(order => new CurvatureMomentFlowTheory(order)),
                .. Orders.Select(order => new CurvatureMomentTheory(order)),
                .. Orders.Select(order => new MemoryTheory(order)),
                .. Orders.Select(order => new MemoryTheory(order, rotation: false)),
                .. Orders.Select(order => new MemoryTheory(order, cubic: true)),
                .. Orders.Select(order => new MemoryTheory(order, rotation: false, cubic: true)),
                // The orders that a Taylor jet and a collocation jet have unless told otherwise.
                .. new[] { CurvatureMomentTheory.StandardOrder, CollocationJet.Order }.SelectMany(order =>
                    Enum.GetValues<FloorRemoval>().Select(removed => new FloorAblationTheory(order, removed))
                ),
                new CatapultTheory(),
                new QuadraticRegressionTheory(),
                new ReducedSelfStabilizationTheory(),
                new SelfStabilizationTheory(),
                new SelfStabilizationTheory(rotation: false),
                new CentralFlowTheory(1),
                new CentralFlowTheory(3),
                new SwingFlowTheory(),
            ]
        );
}
