// A transformer at its edge, and where in it the leading eigenvector lives
// A transformer learns to sort five tokens. Its stability number η S / 2 rises past 1, the edge, swings there as long as the loss has far to fall, and comes down for good once the loss is small. The other lines are shares of the leading eigenvector v₁: the squared norm of its part in each group of parameters. They add up to 1.
#load "flatbias.csx"

var (x, y) = DataCatalogue.Load("sorting:length=5,vocabulary=5", train: 40, test: 0).Train.Tensors(torch.ScalarType.Float32, torch.CPU);
var network = new Transformer(vocabulary: 5, positions: 5, outputs: 5, width: 16, heads: 2, layers: 2, feedForward: 16, causal: false, Activation.Gelu);
var surface = new NetworkSurface(network.Layout.ParameterCount, network.Outputs, SampleLosses.CrossEntropy, x, y);
var theta = surface.Parameters(Initialisation.DepthScaled.Draw(network.Layout, seed: 1));

string[] groups = [.. network.Layout.Select(slot => slot.Name.Split('.')[0]).Distinct()];
var probe = new CurvatureProbeOptions(Eigenpairs: 1, new LanczosOptions(Tolerance: 1e-2)) { TrailingEvery = 1000 };
var series = Recording.Run(
    surface, OptimiserSpec.GradientDescent, 0.05, new DescentLimits(160), theta, probe, measureEvery: 2,
    extra: (state, frame, row) =>
    {
        foreach (var group in groups) row.Set(group, DiagonalBlock.Share(frame.Vectors[0], network.Layout.Group(group)));
    }).Series;
var plot = Plot.Series(series, "step", ["stability_number", .. groups], "η S / 2, and shares of v_{1}");
plot.AddHorizontal("edge", 1).Save(Picture("transformer.svg"));
