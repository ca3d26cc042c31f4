using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>The same code on a GPU, where there is one.</summary>
public class CudaTests
{
    private static readonly TrainingSpec Small = new()
    {
        Train = 80,
        Test = 40,
        Network = NetworkChoice.FullyConnected([6], Activation.Tanh),
        Loss = NetworkLoss.MeanSquaredError,
        StepSize = 0.002,
        Steps = 12,
        MeasureEvery = 3,
        Eigenpairs = 3,
        Precision = "float64",
        MeasureNoise = true,
        CheckRoutes = true,
        Exponents = 1,
    };

    private static readonly (LabelledSamples Train, LabelledSamples Test) Data = FashionMnist.Load(null, 80, 40);

    [Fact]
    public void Execute_OnCuda_AgreesWithTheCpu()
    {
        RequireCuda();
        var (cpu, cuda) = (
            TrainingRun.Execute(Small, Data.Train, Data.Test),
            TrainingRun.Execute(Small with { Device = "cuda" }, Data.Train, Data.Test)
        );
        // Twelve stable steps; float64 sums of some thousand terms in another order round by 1e-13 relative at the most.
        Near.Equal(cpu.End, cuda.End, 1e-10, "weights");
        foreach (var name in new[] { "loss", "gradient_norm", "sharpness", "m4", "gradient_noise_1" })
            Near.Equal(cpu.Series.Array(name), cuda.Series.Array(name), 1e-5 * cpu.Series[name].Max(Math.Abs), name); // the eigensolver's tolerance squared over the gap
        Assert.All(cuda.Series.Array("disagreement_hv"), d => Assert.InRange(d, 0, 1e-10));
    }

    [Fact]
    public void Execute_OnCudaInChunksAndBatches_SameBitsTwice()
    {
        RequireCuda();
        var spec = Small with
        {
            Device = "cuda",
            Chunk = 30,
            Exponents = 0,
            Batch = new FlatBias.Dynamics.Descent.BatchPlan(16, 1, false),
            Precision = "float32",
        };
        var (first, second) = (
            TrainingRun.Execute(spec, Data.Train, Data.Test),
            TrainingRun.Execute(spec, Data.Train, Data.Test)
        );
        Assert.Equal(first.End, second.End);
    }

    private static void RequireCuda()
    {
        TorchRuntime.EnsureLoaded();
        Assert.SkipUnless(
            torch.cuda.is_available(),
            "no CUDA device is here, or the build is the CPU one (-p:TorchBackend=cuda)"
        );
    }
}
