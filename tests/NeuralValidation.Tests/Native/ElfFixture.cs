using System.Buffers.Binary;
using System.Text;

namespace FlatBias.NeuralValidation.Tests.Native;

/// <summary>
/// A 64-bit ELF file with nothing but version needs, laid out byte by byte: header, string table, chain of needs, section table.
/// The section table comes last, so that every truncation cuts into something that is needed.
/// </summary>
internal static class ElfFixture
{
    internal const int HeaderSize = 64;
    internal const int SectionSize = 64;

    internal static byte[] Build(params (string File, string[] Versions)[] needs)
    {
        var names = new List<byte> { 0 };
        var chain = Chain(needs, names);
        var image = new byte[HeaderSize + names.Count + chain.Length + (3 * SectionSize)];
        int chainAt = HeaderSize + names.Count,
            tableAt = chainAt + chain.Length;
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(image, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(0x28), (ulong)tableAt);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x3a), SectionSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x3c), 3);
        names.CopyTo(image, HeaderSize);
        chain.CopyTo(image, chainAt);
        // Section 0 stays empty, as the standard asks.
        Section(image.AsSpan(tableAt + SectionSize), 3, HeaderSize, names.Count, 0);
        Section(image.AsSpan(tableAt + (2 * SectionSize)), 0x6ffffffe, chainAt, chain.Length, 1);
        return image;
    }

    /// <summary>The offset of the flags of the n-th version of the first needed file.</summary>
    internal static int FlagsAt(byte[] image, int version) => ChainAt(image) + 16 + (16 * version) + 4;

    internal static int ChainAt(byte[] image) =>
        BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(image.Length - SectionSize + 0x18));

    private static byte[] Chain((string File, string[] Versions)[] needs, List<byte> names)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        for (var i = 0; i < needs.Length; i++)
        {
            var (file, versions) = needs[i];
            writer.Write((ushort)1);
            writer.Write((ushort)versions.Length);
            writer.Write(Add(names, file));
            writer.Write(16);
            writer.Write(i + 1 < needs.Length ? 16 + (16 * versions.Length) : 0);
            for (var j = 0; j < versions.Length; j++)
            {
                writer.Write(0x12345678);
                writer.Write((ushort)0);
                writer.Write((ushort)(j + 2));
                writer.Write(Add(names, versions[j]));
                writer.Write(j + 1 < versions.Length ? 16 : 0);
            }
        }
        return bytes.ToArray();
    }

    private static int Add(List<byte> names, string name)
    {
        var at = names.Count;
        names.AddRange([.. Encoding.ASCII.GetBytes(name), 0]);
        return at;
    }

    private static void Section(Span<byte> header, uint type, int offset, int size, uint link)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt64LittleEndian(header[0x18..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[0x20..], (ulong)size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x28..], link);
    }
}
