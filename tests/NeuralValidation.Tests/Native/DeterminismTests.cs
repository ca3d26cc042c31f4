using FlatBias.NeuralValidation.Native;

namespace FlatBias.NeuralValidation.Tests.Native;

/// <summary>libtorch's own switch, by the names of its functions.</summary>
public class DeterminismTests
{
    [Fact]
    public void Require_OnAndOff_IsWhatTorchSays()
    {
        TorchRuntime.EnsureLoaded();
        var before = Determinism.IsRequired;
        Assert.False(before);
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
