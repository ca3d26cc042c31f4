using FlatBias.NeuralValidation.Native;

namespace FlatBias.NeuralValidation.Tests.Native;

/// <summary>libtorch's own switch, by the names of its functions.</summary>
public class DeterminismTests
{
    [Fact]
    public void Require_OnAndOff_IsWhatTorchSays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the names of libtorch's functions are those of Linux");
        TorchRuntime.EnsureLoaded();
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "tests on the GPU that is here depend on the switch");
        Assert.False(Determinism.IsRequired);
        try
        {
            Determinism.Require(true);
            Assert.True(Determinism.IsRequired);
        }
        finally
        {
            Determinism.Require(false);
        }

        Assert.False(Determinism.IsRequired);
    }
}
