using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Tests;
using TorchSharp;

[assembly: AssemblyFixture(typeof(TorchThreads))]

namespace FlatBias.NeuralValidation.Tests;

/// <summary>One thread before any test of this assembly: results depend on the thread count, and test classes run side by side.</summary>
public sealed class TorchThreads
{
    public TorchThreads()
    {
        // The tests of the readers do not need torch, so they should not fail for the lack of it.
        if (TorchRuntime.Problem is null)
            torch.set_num_threads(1);
    }
}
