using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Landscapes;
using FlatBias.Reports.Chapters.Networks;

namespace FlatBias.Reports.Contents;

/// <summary>The chapters in the order of the report.</summary>
internal static class ChapterCatalogue
{
    public static IReadOnlyList<Chapter> All { get; } =
    [
        new QuadraticThreshold(),
        new ImbalanceAndFlattening(),
        new RotationalPolarity(),
        new HigherOrderMoments(),
        new CurvatureMoments(),
        new Depth(),
        new NoiseShares(),
        new EdgeMinima(),
        new RotationSwitches(),
        new OptimisersOnLandscapes(),
        new Goldilocks(),
        new Scoreboard(),
        new InstabilityForecast(),
        new SwingForecast(),
        new JetUses(),
        new StepSizeSweep(),
        new StepSizeDrop(),
        new StochasticDescent(),
        new AdaptiveRules(),
        new RealNetwork(),
        new OtherNetworks(),
        new SinceThePaper(),
        new OwnEdges(),
        new LaterRules(),
    ];
}
