using System.Text;
using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Native;

public sealed class LoadedTorchTests
{
    [Fact]
    public void Loaded_Packaged_IsTheVersionThatTorchSharpWasBuiltFor()
    {
        var loaded = TorchRuntime.Loaded!;
        // TorchSharp's constant has a fourth number, of its package.
        Assert.StartsWith($"{LoadedTorch.WantedVersion}.", torch.__version__, StringComparison.Ordinal);
        Assert.False(loaded.IsOwn);
        Assert.Empty(TorchRuntime.MissingSymbols);
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Equal(LoadedTorch.WantedVersion, loaded.Version);
        Assert.True(File.Exists(Path.Combine(loaded.Folder!, "libtorch_cpu.so")));
    }

    [Theory]
    [InlineData("build-version", "2.7.1+cu128\n", "2.7.1")]
    [InlineData("build-version", "nonsense", null)]
    [InlineData(
        "version.py",
        "from typing import Optional\n\n__all__ = ['__version__']\n__version__ = '2.11.0+cu130'\ndebug = False\n",
        "2.11.0"
    )]
    [InlineData("version.py", "cuda = None\n", null)]
    [InlineData("other", "2.7.1", null)]
    public void FileVersion_OfWhatLiesAboveTheLibraries_IsRead(string file, string content, string? version)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, Encoding.UTF8.GetBytes(content));

        Assert.Equal(version, LoadedTorch.FileVersion(folder.Path));
    }

    [Fact]
    public void CudaDriver_WhereThereIsNone_SaysNothing()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "there is a GPU");
        Assert.Null(CudaDriver.Name(0));
        Assert.Null(CudaDriver.TotalMemory(0));
        Assert.Null(CudaDriver.MemoryInUse());
    }
}
