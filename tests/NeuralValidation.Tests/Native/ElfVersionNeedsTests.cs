using System.Buffers.Binary;
using FlatBias.NeuralValidation.Native;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    private const string Wanted = "GLIBCXX_3.4.32";

    private static byte[] Image() =>
        ElfFixture.Build(("libstdc++.so.6", ["GLIBCXX_3.4.30", Wanted, "CXXABI_1.3"]), ("libc.so.6", ["GLIBC_2.34"]));

    [Fact]
    public void Weaken_VersionNeeded_SetsTheWeakFlagAndNothingElse()
    {
        var image = Image();
        var expected = Image();
        expected[ElfFixture.FlagsAt(expected, 1)] = 2;

        Assert.Equal(1, ElfVersionNeeds.Weaken(image, Wanted));

        Assert.Equal(expected, image);
    }

    [Fact]
    public void Weaken_FlagsAlreadyUsed_KeepsThem()
    {
        var image = Image();
        image[ElfFixture.FlagsAt(image, 1)] = 1;

        ElfVersionNeeds.Weaken(image, Wanted);
        Assert.Equal(1, ElfVersionNeeds.Weaken(image, Wanted));

        Assert.Equal(3, image[ElfFixture.FlagsAt(image, 1)]);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.321")]
    [InlineData("libc.so.6")]
    public void Weaken_VersionNotNeeded_ReturnsZeroAndLeavesTheImage(string version)
    {
        var image = Image();

        Assert.Equal(0, ElfVersionNeeds.Weaken(image, version));

        Assert.Equal(Image(), image);
    }

    [Fact]
    public void Weaken_VersionNeededOfTwoFiles_WeakensBoth()
    {
        var image = ElfFixture.Build(("a.so", [Wanted]), ("b.so", ["X", Wanted]));

        Assert.Equal(2, ElfVersionNeeds.Weaken(image, Wanted));
    }

    [Fact]
    public void Weaken_NoVersionNeeds_ReturnsZero() =>
        Assert.Equal(0, ElfVersionNeeds.Weaken(ElfFixture.Build(), Wanted));

    [Fact]
    public void Weaken_AnyTruncation_ThrowsAndLeavesTheImage()
    {
        var whole = Image();
        for (var length = 0; length < whole.Length; length++)
        {
            var part = whole[..length];
            Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(part, Wanted));
            Assert.Equal(whole[..length], part);
        }
    }

    [Property(MaxTest = 2000)]
    public bool Weaken_AnyBytesOverwritten_SucceedsOrThrowsInvalidData((ushort At, byte Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var image = Image();
        foreach (var (at, value) in changes)
            image[at % image.Length] = value;
        try
        {
            return ElfVersionNeeds.Weaken(image, Wanted) >= 0;
        }
        catch (InvalidDataException e)
        {
            return e.Message.Length > 0;
        }
    }

    [Theory]
    [InlineData(0, 0x7e, "magic")]
    [InlineData(4, 1, "64-bit")]
    [InlineData(5, 2, "little-endian")]
    [InlineData(0x3a, 40, "section headers")]
    [InlineData(0x3c, 0, "no section table")]
    public void Weaken_ForeignHeader_SaysWhatIsWrong(int at, byte value, string words)
    {
        var image = Image();
        image[at] = value;

        Assert.Contains(
            words,
            Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(image, Wanted)).Message
        );
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(15u)]
    [InlineData(uint.MaxValue)]
    [InlineData(100_000u)]
    public void Weaken_ChainLinksAstray_Throws(uint distance)
    {
        var image = Image();
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(ElfFixture.ChainAt(image) + 12), distance);

        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(image, Wanted));
    }

    [Fact]
    public void Weaken_MoreEntriesThanFit_Throws()
    {
        var image = Image();
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(ElfFixture.ChainAt(image) + 2), ushort.MaxValue);

        Assert.Contains(
            "more entries",
            Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(image, Wanted)).Message
        );
    }

    [Fact]
    public void Weaken_EmptyVersion_Throws() =>
        Assert.Throws<ArgumentException>(() => ElfVersionNeeds.Weaken(Image(), ""));
}
