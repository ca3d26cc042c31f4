using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Native;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void EnsureLoaded_OnThisMachine_LetsTorchCompute()
    {
        TorchRuntime.EnsureLoaded();
        Assert.Null(TorchRuntime.Problem);

        using var scope = torch.NewDisposeScope();
        Assert.Equal(2f, torch.ones(2).sum().item<float>());
    }

    [Fact]
    public void EnsureLoaded_InTests_LeavesOneThread()
    {
        TorchRuntime.EnsureLoaded();

        Assert.Equal(1, torch.get_num_threads());
    }

    [Fact]
    public void Load_FolderWithoutLibraries_NamesFileAndFolder()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<DllNotFoundException>(() => TorchRuntime.Load([folder.Path]));

        Assert.Contains("libLibTorchSharp.so", error.Message);
        Assert.Contains(folder.Path, error.Message);
    }

    [Fact]
    public void Load_LibraryIsGarbage_ThrowsWithoutEndingTheProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only on Linux does FlatBias load the files itself");
        using var folder = new TemporaryFolder();
        folder.Write("libLibTorchSharp.so", [1, 2, 3]);
        folder.Write("libtorch.so", [1, 2, 3]);

        var error = Assert.Throws<DllNotFoundException>(() => TorchRuntime.Load([folder.Path]));

        Assert.Contains("libtorch.so", error.Message);
    }

    [Fact]
    public void Unloadable_LoaderSaysManyLines_MakesOneLineWithAdvice()
    {
        var error = TorchRuntime.Unloadable(
            new TypeInitializationException("X", new DllNotFoundException("first\n   second.\n"))
        );

        Assert.StartsWith("Torch could not be loaded: first second. ", error.Message);
        Assert.Contains($"the package libtorch-cpu-linux-x64 {LoadedTorch.WantedVersion}", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Candidates_AnyHost_HoldsTheFolderBelowTheAssembly()
    {
        var folders = NativeFolders.Candidates("linux-x64", typeof(torch).Assembly);

        var own = Path.GetDirectoryName(typeof(TorchRuntime).Assembly.Location)!;
        Assert.Contains(own, folders);
        Assert.Contains(Path.Combine(own, "runtimes", "linux-x64", "native"), folders);
        Assert.Equal(folders.Distinct(), folders);
    }
}
