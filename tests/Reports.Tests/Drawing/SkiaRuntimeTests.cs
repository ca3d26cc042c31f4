using System.Runtime.InteropServices;
using FlatBias.Reports.Drawing;
using SkiaSharp;

namespace FlatBias.Reports.Tests.Drawing;

public class SkiaRuntimeTests
{
    [Theory]
    [InlineData("libSkiaSharp", "sk_version_get_milestone")]
    [InlineData("libHarfBuzzSharp", "hb_version")]
    public void Resolve_LibraryOfThePackages_IsFoundBesideTheAssembly(string name, string export)
    {
        var library = SkiaRuntime.Resolve(typeof(SKPaint).Assembly, name);

        Assert.True(NativeLibrary.TryGetExport(library, export, out _));
    }

    [Fact]
    public void Resolve_UnknownLibrary_IsLeftToOthers() =>
        Assert.Equal(0, SkiaRuntime.Resolve(typeof(SKPaint).Assembly, "libNoSuchThing"));
}
