using System.Text;

namespace FlatBias.NeuralValidation.Native;

/// <summary>An empty 64-bit little-endian ELF library with nothing but a name: once it is loaded, whoever asks for that
/// name gets it.</summary>
/// <remarks>
/// One page, readable and writable because the loader relocates the dynamic section in place: the ELF header, three
/// program headers (the page, the dynamic section, and a stack that need not be executable), the dynamic section, a
/// symbol table and a hash table without symbols, and the names.
/// </remarks>
internal static class ElfStub
{
    private const int HeaderSize = 64,
        ProgramHeaderSize = 56,
        ProgramHeaders = 3,
        DynamicSize = 16,
        DynamicEntries = 7,
        SymbolSize = 24,
        HashSize = 16;
    private const int DynamicAt = HeaderSize + (ProgramHeaders * ProgramHeaderSize),
        SymbolsAt = DynamicAt + (DynamicEntries * DynamicSize);
    private const int HashAt = SymbolsAt + SymbolSize,
        NamesAt = HashAt + HashSize;
    private const ushort SharedObject = 3,
        X64 = 62;
    private const uint Load = 1,
        Dynamic = 2,
        Stack = 0x6474e551,
        ReadWrite = 6;
    private const ulong PageSize = 4096;

    /// <summary>The bytes of a library for x64 of that name.</summary>
    internal static byte[] Build(string name)
    {
        var names = Encoding.ASCII.GetBytes($"\0{name}\0");
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        Header(writer);
        ProgramHeader(writer, Load, 0, (ulong)(NamesAt + names.Length), PageSize);
        ProgramHeader(writer, Dynamic, DynamicAt, DynamicEntries * DynamicSize, 8);
        ProgramHeader(writer, Stack, 0, 0, 16);
        // DT_SONAME, DT_HASH, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SYMENT, DT_NULL.
        foreach (
            var (tag, value) in new (ulong, ulong)[]
            {
                (14, 1),
                (4, HashAt),
                (5, NamesAt),
                (6, SymbolsAt),
                (10, (ulong)names.Length),
                (11, SymbolSize),
                (0, 0),
            }
        )
        {
            writer.Write(tag);
            writer.Write(value);
        }

        writer.Write(new byte[SymbolSize]);
        // One bucket and one chain, both of the empty symbol 0.
        foreach (var word in new[] { 1, 1, 0, 0 })
            writer.Write(word);
        writer.Write(names);
        return bytes.ToArray();
    }

    private static void Header(BinaryWriter writer)
    {
        // 64-bit, little-endian, version 1, System V.
        writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write(SharedObject);
        writer.Write(X64);
        writer.Write(1u);
        // No entry point; where the program headers begin; no section headers.
        foreach (var offset in new ulong[] { 0, HeaderSize, 0 })
            writer.Write(offset);
        writer.Write(0u);
        foreach (var size in new ushort[] { HeaderSize, ProgramHeaderSize, ProgramHeaders, 0, 0, 0 })
            writer.Write(size);
    }

    private static void ProgramHeader(BinaryWriter writer, uint type, ulong offset, ulong size, ulong alignment)
    {
        writer.Write(type);
        writer.Write(ReadWrite);
        // In the file, in memory as asked for and physically; the size in the file and in memory.
        foreach (var value in new[] { offset, offset, offset, size, size, alignment })
            writer.Write(value);
    }
}
