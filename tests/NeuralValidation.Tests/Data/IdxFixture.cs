using System.Buffers.Binary;
using System.IO.Compression;

namespace FlatBias.NeuralValidation.Tests.Data;

/// <summary>IDX files made by hand, as the format's description says: big-endian sizes, then bytes.</summary>
internal static class IdxFixture
{
    internal static byte[] Images(int count, int rows, int columns, byte[] pixels) => File([2051, count, rows, columns], pixels);

    internal static byte[] Labels(params byte[] labels) => File([2049, labels.Length], labels);

    internal static byte[] File(int[] header, byte[] body)
    {
        var bytes = new byte[(4 * header.Length) + body.Length];
        for (var i = 0; i < header.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), header[i]);
        body.CopyTo(bytes, 4 * header.Length);
        return bytes;
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Bytes that do not compress to nothing, the same each time.</summary>
    internal static byte[] Pixels(int count)
    {
        var pixels = new byte[count];
        for (var i = 0; i < count; i++) pixels[i] = (byte)((i * i) + (7 * i));
        return pixels;
    }
}
