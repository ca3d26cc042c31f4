using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Training;

/// <summary>
/// The rows of a run on disk as they are measured. After a line that names the format come frames of 4 bytes of length and a content: of negative length the column names from here on, separated by line ends;
/// otherwise one row, 8 bytes a column, little-endian. What stands behind the last checkpoint is cut off when a run is taken up.
/// Others may read it meanwhile; the journal sees to it that one process alone writes it.
/// </summary>
internal sealed class SeriesLog : IDisposable
{
    private static readonly byte[] Magic = "flatbias-rows 1\n"u8.ToArray();
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _columns;

    private SeriesLog(FileStream file) => _file = file;

    /// <summary>Bytes so far.</summary>
    public long Length => _file.Length;

    /// <summary>SHA-256 of them.</summary>
    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Begins an empty log in place of what there is.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static SeriesLog Begin(string path)
    {
        var log = new SeriesLog(Open(path));
        if (log.Length > 0)
            log._file.SetLength(0);
        log.Write(Magic);
        return log;
    }

    /// <summary>Takes up a log: reads its first bytes into an empty series and cuts off the rest.</summary>
    /// <exception cref="DataFileException">They are not the bytes of that hash.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static SeriesLog TakeUp(string path, long length, string hash, SeriesTable series)
    {
        if (!File.Exists(path))
            throw new DataFileException(
                path,
                "it is missing, and the checkpoint beside it needs it; remove the checkpoint to start anew"
            );
        var log = new SeriesLog(Open(path));
        try
        {
            if (length > log.Length || length > Array.MaxLength || length < Magic.Length)
                throw Damaged(path, $"it has {log.Length} bytes, and the checkpoint beside it speaks of {length}");
            var bytes = new byte[length];
            log._file.ReadExactly(bytes);
            log._hash.AppendData(bytes);
            if (log.Hash != hash)
                throw Damaged(path, "it does not hold the rows that the checkpoint beside it speaks of");
            (log._columns, var left) = Parse(path, bytes.AsSpan(Magic.Length), series);
            if (left > 0)
                throw Damaged(path, $"its last frame is cut off, and {left} bytes are left");
            log._file.SetLength(length);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>The rows so far of a log that may be being written: up to the last that is whole.</summary>
    /// <exception cref="DataFileException">It is not a log of this format.</exception>
    public static SeriesTable ReadRows(string path)
    {
        var series = new SeriesTable();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > Array.MaxLength)
            throw new DataFileException(path, $"it has {file.Length} bytes, more than can be read at once");
        var bytes = new byte[file.Length];
        var rows = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (!rows.StartsWith(Magic))
            return Magic.AsSpan().StartsWith(rows)
                ? series
                : throw new DataFileException(path, "it holds no rows of a run, or those of another format");
        Parse(path, rows[Magic.Length..], series);
        return series;
    }

    /// <summary>Appends the last row of the series.</summary>
    public void Append(SeriesTable series)
    {
        if (series.Names.Count != _columns)
        {
            Write(Frame(Encoding.UTF8.GetBytes(string.Join('\n', series.Names)), isHeader: true));
            _columns = series.Names.Count;
        }

        var row = new double[_columns];
        for (var i = 0; i < row.Length; i++)
            row[i] = series[series.Names[i]][^1];
        Write(Frame(MemoryMarshal.AsBytes(row.AsSpan()), isHeader: false));
    }

    /// <summary>Sees to it that all of it is on the disk.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    // Unbuffered: a row is on its way to the disk when Append returns, and a failure shows there.
    private static FileStream Open(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);

    private static DataFileException Damaged(string path, string problem) =>
        new(path, $"{problem}: it was truncated or edited; remove both to start anew");

    private static byte[] Frame(ReadOnlySpan<byte> content, bool isHeader)
    {
        var frame = new byte[sizeof(int) + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, isHeader ? -content.Length : content.Length);
        content.CopyTo(frame.AsSpan(sizeof(int)));
        return frame;
    }

    private void Write(byte[] bytes)
    {
        try
        {
            _file.Write(bytes);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of a file that has reached the largest size its file system or user may have.
            throw new IOException($"{_file.Name} cannot grow further. {e.Message}", e);
        }

        _hash.AppendData(bytes);
    }

    /// <summary>Reads whole frames into an empty series.</summary>
    /// <returns>The number of columns of the last row, and the bytes of a frame that is not whole.</returns>
    private static (int Columns, int Left) Parse(string path, ReadOnlySpan<byte> frames, SeriesTable series)
    {
        string[] names = [];
        while (frames.Length >= sizeof(int))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(frames);
            var size = Math.Abs((long)length);
            if (length >= 0 && size != names.Length * sizeof(double))
                throw Damaged(
                    path,
                    $"a frame of {size} bytes stands where {names.Length} numbers or new names were expected"
                );
            if (size > frames.Length - sizeof(int))
                break;
            var content = frames.Slice(sizeof(int), (int)size);
            if (length < 0)
                names = Encoding.UTF8.GetString(content).Split('\n');
            else
                Fill(series, names, MemoryMarshal.Cast<byte, double>(content));
            frames = frames[(sizeof(int) + content.Length)..];
        }

        return (names.Length, frames.Length);
    }

    private static void Fill(SeriesTable series, string[] names, ReadOnlySpan<double> row)
    {
        series.AddRow();
        for (var i = 0; i < names.Length; i++)
            series.Set(names[i], row[i]);
    }
}
