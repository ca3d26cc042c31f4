using System.Buffers.Binary;
using System.Text;

namespace FlatBias.NeuralValidation.Native;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library asks of the libraries it needs, and how to make one of them optional.
/// </summary>
/// <remarks>
/// The needs are two nested chains in the section of type SHT_GNU_verneed: an Elf64_Verneed for each needed file, and below it an
/// Elf64_Vernaux for each version wanted of that file. The dynamic loader refuses the library when a version is absent, unless the
/// flag VER_FLG_WEAK is set in that entry. Weakening is harmless only where no symbol of that version is ever bound.
/// </remarks>
public static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;
    private const int EntrySize = 16;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Marks every need of <paramref name="version"/> as weak, in place.</summary>
    /// <param name="image">The bytes of the whole library file; changed only if the method returns.</param>
    /// <param name="version">The version's name, for instance <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>How many entries ask for that version; all of them are weak now. 0 leaves the image as it was.</returns>
    /// <exception cref="ArgumentException"><paramref name="version"/> is empty.</exception>
    /// <exception cref="InvalidDataException">The image is not a whole 64-bit little-endian ELF file.</exception>
    public static int Weaken(byte[] image, string version)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(version);
        var flags = new List<int>();
        var elf = new ElfImage(image);
        foreach (var (needs, names) in elf.Sections(VersionNeedSection))
            AddFlagOffsets(elf, needs, names, Strict.GetBytes(version), flags);
        // Only now is it known that the whole image can be read: a damaged one stays untouched.
        foreach (var offset in flags)
        {
            var field = image.AsSpan(offset, sizeof(ushort));
            BinaryPrimitives.WriteUInt16LittleEndian(
                field,
                (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(field) | WeakFlag)
            );
        }
        return flags.Count;
    }

    private static void AddFlagOffsets(
        ElfImage image,
        Range section,
        Range strings,
        ReadOnlySpan<byte> version,
        List<int> flags
    )
    {
        ReadOnlySpan<byte> needs = image[section],
            names = image[strings];
        var (start, length) = (section.Start.Value, needs.Length);
        // An entry has 16 bytes, so a sound section cannot hold more of them than this; it bounds the walk on a damaged one.
        var budget = length / EntrySize;
        var file = 0;
        for (var more = length > 0; more; )
        {
            var need = Entry(needs, file);
            int versions = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]),
                at = Next(file, need[8..]);
            for (var i = 0; i < versions; i++)
            {
                if (--budget < 0)
                    throw ElfImage.Bad("its table of version needs holds more entries than its size allows");
                var wanted = Entry(needs, at);
                if (
                    ElfImage
                        .Name(names, BinaryPrimitives.ReadUInt32LittleEndian(wanted[8..]), "a version need")
                        .SequenceEqual(version)
                )
                    flags.Add(start + at + 4);
                at = Next(at, wanted[12..]);
            }
            var next = Next(file, need[12..]);
            more = next != file;
            file = next;
        }
    }

    // A link is a distance forward from its own entry; 0 ends the chain.
    private static int Next(int from, ReadOnlySpan<byte> link)
    {
        var distance = BinaryPrimitives.ReadUInt32LittleEndian(link);
        if (distance is not 0 and < EntrySize)
            throw ElfImage.Bad($"an entry of its version needs links {distance} bytes ahead, into itself");
        return distance <= int.MaxValue - from
            ? from + (int)distance
            : throw ElfImage.Bad("an entry of its version needs links beyond the file");
    }

    private static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> needs, int at) =>
        ElfImage.Part(needs, (ulong)at, EntrySize, "an entry of the version needs");
}
