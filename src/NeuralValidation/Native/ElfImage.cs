using System.Buffers.Binary;

namespace FlatBias.NeuralValidation.Native;

/// <summary>The bytes of a whole 64-bit little-endian ELF file, every access checked against its size.</summary>
internal sealed class ElfImage
{
    private const int HeaderSize = 64,
        SectionHeaderSize = 64;
    private readonly byte[] _bytes;
    private readonly Range _sections;
    private readonly int _count;

    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public ElfImage(byte[] bytes)
    {
        _bytes = bytes;
        var header = Part(bytes, 0, HeaderSize, "the ELF header");
        if (!header[..4].SequenceEqual("\u007fELF"u8))
            throw Bad("it does not begin with the ELF magic bytes 7f 45 4c 46");
        if (header[4] != 2 || header[5] != 1)
            throw Bad("it is not 64-bit little-endian");
        Machine = BinaryPrimitives.ReadUInt16LittleEndian(header[0x12..]);
        var table = BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]);
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3a..]);
        _count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3c..]);
        if (table == 0 || _count == 0)
            throw Bad("it has no section table");
        if (entrySize != SectionHeaderSize)
            throw Bad($"its section headers have {entrySize} bytes instead of {SectionHeaderSize}");
        Part(bytes, table, (ulong)_count * SectionHeaderSize, "the section table");
        _sections = (int)table..((int)table + (_count * SectionHeaderSize));
    }

    /// <summary>The processor it is for, e_machine.</summary>
    public ushort Machine { get; }

    /// <summary>Where the sections of a type lie, each with the section that its header links to, such as the
    /// names.</summary>
    public List<(Range Content, Range Link)> Sections(uint type)
    {
        var found = new List<(Range, Range)>();
        for (var i = 0; i < _count; i++)
        {
            var header = Header(i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != type)
                continue;
            var link = BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]);
            if (link >= _count)
                throw Bad($"section {i} names string table {link} of only {_count} sections");
            found.Add((Extent(i), Extent((int)link)));
        }
        return found;
    }

    /// <summary>The bytes of a section.</summary>
    public ReadOnlySpan<byte> this[Range section] => _bytes.AsSpan(section);

    /// <summary>A slice, if the whole of it is there.</summary>
    public static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, ulong offset, ulong length, string what) =>
        offset <= (ulong)bytes.Length && length <= (ulong)bytes.Length - offset
            ? bytes.Slice((int)offset, (int)length)
            : throw Bad($"{what} (offset {offset}, {length} bytes) lies beyond the {bytes.Length} bytes there are");

    /// <summary>The name that begins at an offset of a string table, without its ending zero.</summary>
    public static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> names, uint offset, string whose)
    {
        if (offset >= names.Length)
            throw Bad($"the name of {whose} lies outside its string table");
        var rest = names[(int)offset..];
        var end = rest.IndexOf((byte)0);
        return end >= 0 ? rest[..end] : throw Bad($"the name of {whose} has no end");
    }

    public static InvalidDataException Bad(string why) => new($"The image is not a usable ELF library: {why}.");

    private ReadOnlySpan<byte> Header(int number) =>
        this[_sections].Slice(number * SectionHeaderSize, SectionHeaderSize);

    private Range Extent(int number)
    {
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(Header(number)[0x18..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(Header(number)[0x20..]);
        Part(_bytes, offset, size, $"section {number}");
        return (int)offset..(int)(offset + size);
    }
}
