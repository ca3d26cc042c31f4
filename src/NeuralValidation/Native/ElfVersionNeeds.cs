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
    private const int SectionHeaderSize = 64;
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
        foreach (var section in VersionNeeds(image)) AddFlagOffsets(image, section, Strict.GetBytes(version), flags);
        // Only now is it known that the whole image can be read: a damaged one stays untouched.
        foreach (var offset in flags)
        {
            var field = image.AsSpan(offset, sizeof(ushort));
            BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(field) | WeakFlag));
        }
        return flags.Count;
    }

    private static List<Section> VersionNeeds(byte[] image)
    {
        var header = Part(image, 0, 64, "the ELF header");
        if (!header[..4].SequenceEqual("\u007fELF"u8)) throw Bad("it does not begin with the ELF magic bytes 7f 45 4c 46");
        if (header[4] != 2 || header[5] != 1) throw Bad("it is not 64-bit little-endian");
        var table = BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3a..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3c..]);
        if (table == 0 || count == 0) throw Bad("it has no section table");
        if (entrySize != SectionHeaderSize) throw Bad($"its section headers have {entrySize} bytes instead of {SectionHeaderSize}");
        var headers = Part(image, table, (ulong)count * SectionHeaderSize, "the section table");
        var found = new List<Section>();
        for (var i = 0; i < count; i++)
        {
            var entry = headers.Slice(i * SectionHeaderSize, SectionHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) != VersionNeedSection) continue;
            var names = BinaryPrimitives.ReadUInt32LittleEndian(entry[0x28..]);
            if (names >= count) throw Bad($"section {i} names string table {names} of only {count} sections");
            found.Add(new Section(Extent(image, entry, i), Extent(image, headers[((int)names * SectionHeaderSize)..], (int)names)));
        }
        return found;
    }

    private static Range Extent(byte[] image, ReadOnlySpan<byte> header, int number)
    {
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]);
        Part(image, offset, size, $"section {number}");
        return (int)offset..(int)(offset + size);
    }

    private static void AddFlagOffsets(byte[] image, Section section, ReadOnlySpan<byte> version, List<int> flags)
    {
        var (start, length) = section.Needs.GetOffsetAndLength(image.Length);
        ReadOnlySpan<byte> needs = image.AsSpan(start, length), names = image.AsSpan(section.Names);
        // An entry has 16 bytes, so a sound section cannot hold more of them than this; it bounds the walk on a damaged one.
        var budget = length / EntrySize;
        var file = 0;
        for (var more = length > 0; more;)
        {
            var need = Entry(needs, file);
            int versions = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]), at = Next(file, need[8..]);
            for (var i = 0; i < versions; i++)
            {
                if (--budget < 0) throw Bad("its table of version needs holds more entries than its size allows");
                var wanted = Entry(needs, at);
                if (Name(names, wanted[8..]).SequenceEqual(version)) flags.Add(start + at + 4);
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
        if (distance is not 0 and < EntrySize) throw Bad($"an entry of its version needs links {distance} bytes ahead, into itself");
        return distance <= int.MaxValue - from ? from + (int)distance : throw Bad("an entry of its version needs links beyond the file");
    }

    private static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> needs, int at) =>
        Part(needs, (ulong)at, EntrySize, "an entry of the version needs");

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> names, ReadOnlySpan<byte> offset)
    {
        var rest = BinaryPrimitives.ReadUInt32LittleEndian(offset) is var at && at < names.Length
            ? names[(int)at..]
            : throw Bad("the name of a version need lies outside its string table");
        var end = rest.IndexOf((byte)0);
        return end >= 0 ? rest[..end] : throw Bad("the name of a version need has no end");
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> image, ulong offset, ulong length, string what) =>
        offset <= (ulong)image.Length && length <= (ulong)image.Length - offset
            ? image.Slice((int)offset, (int)length)
            : throw Bad($"{what} (offset {offset}, {length} bytes) lies beyond the {image.Length} bytes there are");

    private static InvalidDataException Bad(string why) => new($"The image is not a usable ELF library: {why}.");

    private readonly record struct Section(Range Needs, Range Names);
}
