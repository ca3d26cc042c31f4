using System.Text.Json;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>Every network of the catalogue is measured right: against differences, against its dense Hessian, and when it is interrupted.</summary>
public class NetworkCatalogueTests
{
    // Central differences at h = 1e-5 err by h^2 / 6 = 1.7e-11 times the derivative two orders higher, on networks as
    // sharply bent as these up to some thousands of times the one looked for, which is 1e-7; and by 1e-16 / h = 1e-11 in
    // rounding. Of vectors and higher derivatives a factor ten to spare, for the largest of many components.
    private const double Step = 1e-5,
        Difference = 1e-7;

    public static TheoryData<string> Rows => [.. TinyNetworks.All.Keys];

    [Fact]
    public void Rows_Catalogue_HaveEveryEntry() =>
        Assert.Equal(
            NetworkCatalogue.All.Names.Order(),
            TinyNetworks.All.Values.Select(network => network.Name).Distinct().Order()
        );

    [Theory]
    [MemberData(nameof(Rows))]
    public void Derivatives_EveryNetwork_AreDifferencesOfThoseBelow(string row)
    {
        using var scope = NewDisposeScope();
        using var surface = TinyNetworks.Surface(TinyNetworks.All[row]);
        var theta = surface.Parameters(TinyNetworks.Weights(surface));
        var v = surface.Space.Create();
        surface.Space.FillGaussian(v, new Random(5));
        v.div_(v.norm());
        var (below, here, above) = (Measure(-Step), Measure(0), Measure(Step));
        Near.Equal((above.Loss - below.Loss) / (2 * Step), here.Derivatives[0], Difference * 10, "g . v");
        Same(Central(above.Gradient, below.Gradient), here.Product, "H v");
        Same(Central(above.Product, below.Product), here.Third, "D^3 L[v^2, .]");
        for (var k = 1; k < 4; k++)
            Near.Equal(
                (above.Derivatives[k - 1] - below.Derivatives[k - 1]) / (2 * Step),
                here.Derivatives[k],
                Difference * Near.Scale(here.Derivatives) * 10,
                $"D^{k + 1} L[v^{k + 1}] by differences"
            );

        (double Loss, double[] Gradient, double[] Product, double[] Third, double[] Derivatives) Measure(double t)
        {
            using var point = surface.At(theta + v.Times(t));
            var result = surface.Space.Create();
            point.HessianVector(v, result);
            var product = Array(surface, result);
            point.DirectionalGradient(v, 2, result);
            var third = Array(surface, result);
            var derivatives = new double[4];
            point.DirectionalDerivatives(v, derivatives);
            return (point.Loss, Array(surface, point.Gradient), product, third, derivatives);
        }

        static double[] Central(double[] above, double[] below) =>
            [.. above.Zip(below, (a, b) => (a - b) / (2 * Step))];

        static void Same(double[] expected, double[] actual, string what) =>
            Near.Equal(expected, actual, Difference * 10 * Near.Scale(expected), what);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void LeadingPairs_EveryNetwork_AreThoseOfTheDenseHessian(string row)
    {
        using var scope = NewDisposeScope();
        using var surface = TinyNetworks.Surface(TinyNetworks.All[row]);
        var weights = TinyNetworks.Weights(surface);
        var gradient = surface.Space.Create();
        // Column j by differences of the gradient, so that no Hessian product is in it.
        var dense = Matrix<double>.Build.DenseOfColumns(
            Enumerable
                .Range(0, weights.Length)
                .Select(j => Moved(j, Step).Zip(Moved(j, -Step), (a, b) => (a - b) / (2 * Step)))
        );
        double[] values =
        [
            .. ((dense + dense.Transpose()) / 2)
                .Evd(Symmetricity.Symmetric)
                .EigenValues.Select(z => z.Real)
                .OrderDescending(),
        ];
        using var frame = new EigenFrame<Tensor>(surface.Space, 3);
        using var solver = new LanczosEigensolver<Tensor>(surface.Space, new LanczosOptions(1e-8));
        var start = surface.Space.Create();
        var random = new Random(1);
        surface.Space.FillGaussian(start, random);
        using var point = surface.At(surface.Parameters(weights));
        solver.Solve(point.HessianVector, start, random, frame);
        var size = Math.Max(values[0], -values[^1]);
        // An error E of the matrix moves eigenvalues by |E| at most: P entries of the differences' own error.
        var tolerance = Difference * weights.Length * Math.Max(1, size);
        for (var i = 0; i < 3; i++)
            Near.Equal(values[i], frame.Values[i], tolerance, $"lambda_{i + 1}");
        Near.Equal(values[^1], frame.Trailing, tolerance, "lambda_P");

        double[] Moved(int j, double by)
        {
            double[] moved = [.. weights];
            moved[j] += by;
            surface.LossAndGradient(surface.Parameters(moved), gradient);
            return Array(surface, gradient);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void SquaredError_EveryNetwork_HasItsGradient(string row)
    {
        using var scope = NewDisposeScope();
        using var surface = TinyNetworks.Surface(TinyNetworks.All[row], NetworkLoss.MeanSquaredError);
        var (theta, v, gradient) = (
            surface.Parameters(TinyNetworks.Weights(surface)),
            surface.Space.Create(),
            surface.Space.Create()
        );
        surface.Space.FillGaussian(v, new Random(5));
        v.div_(v.norm());
        var difference =
            (
                surface.LossAndGradient(theta + v.Times(Step), gradient)
                - surface.LossAndGradient(theta - v.Times(Step), gradient)
            ) / (2 * Step);
        surface.LossAndGradient(theta, gradient);
        Near.Equal(difference, surface.Space.Dot(gradient, v), Difference * Near.Scale(difference), "g . v");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Chunks_EveryNetwork_ChangeNothingButRounding(string row)
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.All[row];
        using var whole = TinyNetworks.Surface(network);
        if (network.Build(TinyNetworks.Data(network).Train.Form).TiesSamples)
        {
            Assert.Contains(
                "chunk is 3; with batch normalisation",
                Assert.Throws<ArgumentException>(() => TinyNetworks.Surface(network, chunk: 3)).Message
            );
            Assert.Throws<InvalidOperationException>(() =>
                whole.BatchLossAndGradient(whole.Parameters(TinyNetworks.Weights(whole)), [0, 1], whole.Space.Create())
            );
            return;
        }

        using var parts = TinyNetworks.Surface(network, chunk: 3);
        var theta = whole.Parameters(TinyNetworks.Weights(whole));
        var (first, second) = (whole.Space.Create(), whole.Space.Create());
        // Some hundred roundings of the largest term.
        Near.Equal(whole.LossAndGradient(theta, first), parts.LossAndGradient(theta, second), 1e-13, "loss");
        Near.Equal(Array(whole, first), Array(parts, second), 1e-13 * Near.Scale(Array(whole, first)), "gradient");
        Assert.Equal(whole.Accuracy(theta), parts.Accuracy(theta));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Weights_ThroughAFile_ComeBackBitForBit(string row)
    {
        var network = TinyNetworks.All[row];
        var layout = network.Build(TinyNetworks.Data(network).Train.Form).Layout;
        var theta = Initialisation.DepthScaled.Draw(layout, 4);
        using var folder = new TemporaryFolder();
        NetworkWeights.ToSafetensors(folder.File("weights"), layout, theta, "F64");
        Assert.Equal(theta, NetworkWeights.FromSafetensors(folder.File("weights"), layout, out var mapping));
        Assert.True(mapping.IsByName);
        Assert.Equal(layout.ParameterCount, layout.Sum(slot => slot.Length));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Execute_KilledAndTakenUp_HasTheSameBits(string row) =>
        Resumes(row, spec => spec with { Precision = "float32", Exponents = 1, TraceProbes = 2 });

    [Theory]
    [MemberData(nameof(Rows))]
    public void Execute_MinibatchesKilledAndTakenUp_HaveTheSameBits(string row)
    {
        // Samples that are tied together have no minibatches: NetworkRefusalTests.
        if (row != "resnet-batch")
            Resumes(
                row,
                spec =>
                    spec with
                    {
                        Batch = new BatchPlan(3, 1, false),
                        Chunk = 5,
                        Eigenpairs = 1,
                        EigenTolerance = 0.1,
                        Optimiser = OptimiserSpec.Of("adam").With("weight-decay", "0.1"),
                        MeasureNoise = true,
                        L2 = 0.01,
                        LabelSmoothing = 0.1,
                    }
            );
    }

    private static void Resumes(string row, Func<TrainingSpec, TrainingSpec> change)
    {
        var network = TinyNetworks.All[row];
        var (train, test) = TinyNetworks.Data(network);
        var spec = change(TinyNetworks.Spec(network));
        var whole = TrainingRun.Execute(spec, train, test);
        Assert.Equal(spec.Steps, whole.Steps);
        foreach (var column in whole.Series.Names.Where(c => c is "sharpness" or "lyapunov_1" or "trace"))
            Assert.All(whole.Series.Array(column)[1..], x => Assert.True(double.IsFinite(x), column));
        using var folder = new TemporaryFolder();
        var identity = new Dictionary<string, string> { ["settings"] = "a" };
        using (var journal = new TrainingJournal(folder.Path, identity, 1))
            Assert.Throws<TimeoutException>(() => TrainingRun.Execute(spec, train, test, null, Kill, journal));
        RunOutcome rest;
        using (var journal = new TrainingJournal(folder.Path, identity, 1))
            rest = TrainingRun.Execute(spec, train, test, journal: journal);
        Assert.Equal(whole.End, rest.End);
        foreach (var column in whole.Series.Names)
            Assert.Equal(whole.Series.Array(column), rest.Series.Array(column));

        static void Kill(int step)
        {
            if (step == 3)
                throw new TimeoutException();
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Json_EveryNetwork_ReadsBackToItself(string row)
    {
        var json = JsonSerializer.Serialize(TinyNetworks.All[row]);
        Assert.Equal(TinyNetworks.All[row], JsonSerializer.Deserialize<NetworkChoice>(json));
    }

    [Theory]
    [InlineData("""{"name":"mlp","widths":"3"}""", "mlp lacks activation")]
    [InlineData("""{"name":"mlp","widths":"3","activation":"relu","depth":"1"}""", "mlp has no parameter 'depth'")]
    [InlineData("""{"name":"mlp","widths":3,"activation":"relu"}""", "this is no network")]
    [InlineData("""{"name":"rnn"}""", "network is 'rnn'; it must be mlp, residual-mlp, cnn, resnet or transformer")]
    [InlineData("""{"widths":"3"}""", "its name is missing")]
    public void Json_NoNetwork_SaysWhy(string json, string words) =>
        Assert.Contains(
            words,
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<NetworkChoice>(json)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Outputs_ResidualPerceptron_AreThoseOfLibraryLayers()
    {
        // The library's own layers: their values are right, whatever their third derivatives are.
        using var scope = NewDisposeScope();
        var network = TinyNetworks.All["residual-mlp"];
        using var surface = TinyNetworks.Surface(network);
        var model = network.Build(TinyNetworks.Data(network).Train.Form);
        var theta = surface.Parameters(TinyNetworks.Weights(surface));
        var x = randn([5, 1, 6, 6], ScalarType.Float64);
        var part = model.Layout.ToDictionary(
            slot => slot.Name,
            slot => theta.narrow(0, slot.Begin, slot.Length).view([.. slot.Shape])
        );
        var stem = Linear(x.flatten(1), "stem");
        var hidden = stem + Linear(nn.functional.gelu(Linear(Norm(stem, "block1.norm"), "block1.fc1")), "block1.fc2");
        var expected = Linear(Norm(hidden, "norm"), "out");
        // A few dozen roundings of numbers of size 1 to 10.
        Near.Equal(
            expected.flatten().data<double>().ToArray(),
            model.Outputs(theta, x).flatten().data<double>().ToArray(),
            1e-13,
            "outputs"
        );

        Tensor Linear(Tensor a, string name) => nn.functional.linear(a, part[name + ".weight"], part[name + ".bias"]);

        Tensor Norm(Tensor a, string name) =>
            nn.functional.layer_norm(a, [3], part[name + ".weight"], part[name + ".bias"]);
    }

    private static double[] Array(NetworkSurface surface, Tensor vector) =>
        ((TensorSpace)surface.Space).ToArray(vector);
}
