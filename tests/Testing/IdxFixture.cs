using System.Buffers.Binary;
using System.IO.Compression;

namespace FlatBias.Testing;

/// <summary>IDX files made by hand, as the format's description says: big-endian sizes, then bytes.</summary>
public static class IdxFixture
{
    /// <summary>An image file of any sizes.</summary>
    public static byte[] Images(int count, int rows, int columns, byte[] pixels) =>
        File([2051, count, rows, columns], pixels);

    /// <summary>A label file.</summary>
    public static byte[] Labels(params byte[] labels) => File([2049, labels.Length], labels);

    /// <summary>A file of a header's words and a body.</summary>
    public static byte[] File(int[] header, byte[] body)
    {
        var bytes = new byte[(4 * header.Length) + body.Length];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), header[i]);
        body.CopyTo(bytes, 4 * header.Length);
        return bytes;
    }

    /// <summary>The content compressed.</summary>
    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Bytes that do not compress to nothing, the same each time.</summary>
    public static byte[] Pixels(int count)
    {
        var pixels = new byte[count];
        for (var i = 0; i < count; i++)
            pixels[i] = (byte)((i * i) + (7 * i));
        return pixels;
    }
}
