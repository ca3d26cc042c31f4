using System.Buffers.Binary;
using System.IO.Compression;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>The content of one IDX file, unpacked if it is gzipped, and checked to end where its header says.</summary>
/// <remarks>
/// GZipStream takes a file that stops early, or has anything behind it, for a whole one. So a second, tiny gzip member is put behind the
/// file's own: its one byte comes out exactly if all before it was whole, checksum and length included.
/// </remarks>
internal sealed class IdxContent : IDisposable
{
    private const byte Seal = 0xA5;
    private static readonly byte[] SealMember = Compress([Seal]);

    private readonly string _name;
    private readonly Stream _stream;
    private readonly bool _isGzip;
    private byte _lastDrained;

    internal IdxContent(string name, byte[] file)
    {
        _name = name;
        _isGzip = file is [0x1f, 0x8b, ..];
        _stream = _isGzip
            ? new GZipStream(new MemoryStream([.. file, .. SealMember]), CompressionMode.Decompress)
            : new MemoryStream(file);
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Reads the magic number and the sizes behind it, which are all from 0 to 2^31 - 1.</summary>
    internal int[] ReadHeader(int magic, string what, int sizes)
    {
        var header = new byte[4 * (1 + sizes)];
        var got = Fill(header);
        var found = got >= 4 ? BinaryPrimitives.ReadInt32BigEndian(header) : (int?)null;
        if (found is { } other && other != magic)
            throw Bad($"its magic number is {other}; IDX {what} begin with {magic}");
        if (got < header.Length)
            throw Bad(
                $"it ends after {(_isGzip ? Math.Max(0, got - 1) : got)} bytes; the header of IDX {what} has {header.Length}"
            );
        var values = new int[sizes];
        for (var i = 0; i < sizes; i++)
            values[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * (i + 1)));
        return values.All(value => value >= 0)
            ? values
            : throw Bad(
                $"its header gives the sizes {string.Join(" x ", values.Select(v => (uint)v))}, which are absurd"
            );
    }

    /// <summary>
    /// Reads the first <paramref name="wanted"/> of the <paramref name="total"/> bytes behind the header, and checks the rest.
    /// </summary>
    /// <param name="wanted">How many are kept.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="check">Looks at all of them, a part at a time, with the place of the part's first; null for nothing.</param>
    internal byte[] ReadBody(int wanted, long total, Action<long, ReadOnlySpan<byte>>? check = null)
    {
        // The header may be wrong: memory is taken only as the bytes turn up.
        var body = new byte[Math.Min(wanted, 1 << 16)];
        var got = Fill(body);
        while (got == body.Length && got < wanted)
        {
            Array.Resize(ref body, (int)Math.Min(wanted, 2L * body.Length));
            got += Fill(body.AsSpan(got));
        }
        check?.Invoke(0, body.AsSpan(0, got));
        var length = got < wanted ? got : got + Drain(got, total, check);
        // The seal of a sound gzip file comes out behind the content.
        if (_isGzip && length == total + 1 && _lastDrained == Seal)
            return body;
        if (!_isGzip && length == total)
            return body;
        throw Bad(Mismatch(length, total));
    }

    /// <summary>Reads on to the end, but no further than two bytes beyond what is expected.</summary>
    private long Drain(long start, long total, Action<long, ReadOnlySpan<byte>>? check)
    {
        var buffer = new byte[1 << 16];
        var expected = total - start;
        long count = 0;
        while (count < expected + 2)
        {
            var got = Fill(buffer.AsSpan(0, (int)Math.Min(buffer.Length, expected + 2 - count)));
            if (got == 0)
                break;
            _lastDrained = buffer[got - 1];
            check?.Invoke(start + count, buffer.AsSpan(0, (int)Math.Min(got, Math.Max(0, expected - count))));
            count += got;
        }
        return count;
    }

    private string Mismatch(long length, long total)
    {
        if (length < total)
            return $"it is truncated: fewer bytes follow the header than the {total} that it announces";
        return _isGzip && length == total
            ? $"its gzip data does not end soundly behind the {total} bytes that its header announces: it is cut, or something follows it"
            : $"it has trailing bytes: more follow the header than the {total} that it announces";
    }

    private int Fill(Span<byte> buffer)
    {
        try
        {
            return _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DataFileException(
                _name,
                "its gzip data is damaged or truncated; a whole gzip file was expected",
                e
            );
        }
    }

    internal DataFileException Bad(string problem) => new(_name, problem);

    private static byte[] Compress(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }
}
