using System.Runtime.InteropServices;
using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Native;

public sealed class ElfSymbolsTests
{
    private static readonly string Natives = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    [Fact]
    public void Wanted_OfTorchSharpsLibrary_IsWhatLibtorchHas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files are those of Linux");
        var wanted = ElfSymbols.Wanted(Image("libLibTorchSharp.so"));
        Assert.InRange(wanted.Count, 500, 2000);
        Assert.Contains("_ZN2at4_ops10add_Tensor4callERKNS_6TensorES4_RKN3c106ScalarE", wanted);
        // Versioned, weak and defined ones are not among them.
        Assert.DoesNotContain("malloc", wanted);
        Assert.DoesNotContain("__gmon_start__", wanted);
        Assert.DoesNotContain("THSTensor_add", wanted);
        var libtorch = NativeLibrary.Load(Path.Combine(Natives, "libtorch.so"));
        Assert.All(wanted, symbol => Assert.True(NativeLibrary.TryGetExport(libtorch, symbol, out _), symbol));
        Assert.False(NativeLibrary.TryGetExport(libtorch, "_ZN2at4_ops10add_TensorX", out _));
    }

    [Theory]
    [InlineData("libtorch.so")]
    [InlineData("libc10.so")]
    [InlineData("libLibTorchSharp.so")]
    public void OwnName_PackagedLibrary_IsItsFileName(string file)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files are those of Linux");
        Assert.Equal(file, ElfSymbols.OwnName(Image(file)));
    }

    [Fact]
    public void Wanted_TruncatedLibrary_SaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files are those of Linux");
        var bytes = File.ReadAllBytes(Path.Combine(Natives, "libtorch.so"));
        foreach (var length in new[] { 0, 10, 63, bytes.Length / 2, bytes.Length - 1 })
            Assert.Throws<InvalidDataException>(() => ElfSymbols.Wanted(new ElfImage(bytes[..length])));
    }

    [Fact]
    public void Build_AnyName_LoadsAndIsFoundByIt()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "a library for Linux on x64"
        );
        using var folder = new TemporaryFolder();
        var name = $"flatbias-stub-{Guid.NewGuid():N}.so";
        Assert.False(NativeLibrary.TryLoad(name, out _));
        var library = NativeLibrary.Load(folder.Write("under-another-name", ElfStub.Build(name)));
        Assert.Equal(library, NativeLibrary.Load(name));
        Assert.False(NativeLibrary.TryGetExport(library, "anything", out _));
    }

    private static ElfImage Image(string file) => new(File.ReadAllBytes(Path.Combine(Natives, file)));
}
