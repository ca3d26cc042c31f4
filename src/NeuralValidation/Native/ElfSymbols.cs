using System.Buffers.Binary;
using System.Text;

namespace FlatBias.NeuralValidation.Native;

/// <summary>What a 64-bit little-endian ELF library is called, and which symbols it expects of others.</summary>
/// <remarks>
/// The loader binds a missing function only when it is first called, and then ends the process. The list is how to know
/// before.
/// </remarks>
internal static class ElfSymbols
{
    private const uint DynamicSection = 6,
        SymbolSection = 11,
        VersionSection = 0x6fffffff;
    private const int SymbolSize = 24,
        DynamicSize = 16,
        Undefined = 0,
        GlobalBinding = 1;
    private const ulong NameTag = 14;

    /// <summary>
    /// The symbols that must come from other libraries, in the order of the table: global, not weak, and without a
    /// version.
    /// Those of the C and C++ run-time libraries carry versions, which the loader checks itself as it loads; those of
    /// libtorch do not.
    /// </summary>
    /// <exception cref="InvalidDataException">The image is damaged.</exception>
    internal static List<string> Wanted(ElfImage image)
    {
        var wanted = new List<string>();
        foreach (var (content, link) in image.Sections(SymbolSection))
        {
            var symbols = image[content];
            var versions = image.Sections(VersionSection) is [var table, ..] ? image[table.Content] : [];
            for (var i = 1; i < symbols.Length / SymbolSize; i++)
            {
                var symbol = symbols.Slice(i * SymbolSize, SymbolSize);
                if (
                    BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]) != Undefined
                    || symbol[4] >> 4 != GlobalBinding
                )
                    continue;
                if (versions.Length > 0 && Version(versions, i) > 1)
                    continue;
                wanted.Add(
                    Encoding.UTF8.GetString(
                        ElfImage.Name(image[link], BinaryPrimitives.ReadUInt32LittleEndian(symbol), "a symbol")
                    )
                );
            }
        }
        return wanted;
    }

    /// <summary>The name by which other libraries ask for this one (DT_SONAME); null where it has none.</summary>
    /// <exception cref="InvalidDataException">The image is damaged.</exception>
    internal static string? OwnName(ElfImage image)
    {
        foreach (var (content, link) in image.Sections(DynamicSection))
        {
            var entries = image[content];
            for (var at = 0; at + DynamicSize <= entries.Length; at += DynamicSize)
            {
                if (BinaryPrimitives.ReadUInt64LittleEndian(entries[at..]) != NameTag)
                    continue;
                var name = BinaryPrimitives.ReadUInt32LittleEndian(entries[(at + 8)..]);
                return Encoding.UTF8.GetString(ElfImage.Name(image[link], name, "the library"));
            }
        }
        return null;
    }

    // The highest bit marks hidden versions; 0 is local and 1 global, without a version.
    private static int Version(ReadOnlySpan<byte> versions, int symbol) =>
        BinaryPrimitives.ReadUInt16LittleEndian(
            ElfImage.Part(versions, (ulong)symbol * 2, 2, "the version of a symbol")
        ) & 0x7fff;
}
