using System.Text;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>One line of a table, which quoted line ends may spread over several lines of the file.</summary>
/// <param name="Line">The line of the file on which it begins, from 1.</param>
/// <param name="Cells">Its cells, without the white space around them; what was in quotation marks is as written there.</param>
internal readonly record struct CsvLine(long Line, string[] Cells);

/// <summary>
/// Takes comma-separated text apart (RFC 4180): cells in quotation marks may hold commas, line ends and doubled quotation marks; lines end in LF, CR LF or CR; lines of nothing but white space are passed over, and counted.
/// The text is UTF-8, or UTF-16 where a byte order mark says so. Bytes that are no such text are refused, for read as something else they would be other labels.
/// </summary>
internal sealed class CsvReader : IDisposable
{
    // Stands for bytes that cannot be decoded. It is no character in any text, U+FFFD may be.
    private const char Undecodable = '\uFFFF';

    // More characters than any number, label or name has, and more columns than a network has inputs: what goes on for
    // longer is a quotation mark that was not closed, or no such table.
    private const int LongestCell = 1 << 16,
        MostCells = 1 << 20;

    // A table is held in memory, where it takes several times its length.
    private const long MostBytes = 1L << 30;
    private readonly string _path,
        _encoding;
    private readonly StreamReader _text;
    private readonly StringBuilder _cell = new();
    private long _line = 1;
    private bool _afterReturn,
        _ended;

    /// <summary>Begins to read a stream that can seek.</summary>
    public CsvReader(string path, Stream stream)
    {
        if (stream.Length > MostBytes)
            throw new DataFileException(path, $"it has {stream.Length} bytes; at most {MostBytes} are read");
        Span<byte> mark = stackalloc byte[2];
        var marked = stream.ReadAtLeast(mark, 2, throwOnEndOfStream: false) == 2;
        stream.Position = 0;
        (_path, _encoding) = (
            path,
            marked && mark is [0xFF, 0xFE] ? "utf-16"
            : marked && mark is [0xFE, 0xFF] ? "utf-16BE"
            : "utf-8"
        );
        var encoding = Encoding.GetEncoding(
            _encoding,
            EncoderFallback.ExceptionFallback,
            new DecoderReplacementFallback($"{Undecodable}")
        );
        _text = new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
    }

    /// <summary>The next line that holds anything; null at the end.</summary>
    /// <exception cref="DataFileException">It is no text, or a quotation mark is out of place; the message gives the line.</exception>
    public CsvLine? Next()
    {
        while (!_ended)
        {
            var line = _line;
            var cells = new List<string>();
            while (Cell(cells))
                if (cells.Count > MostCells)
                    throw new DataFileException(_path, $"line {line} has more than {MostCells} cells");

            if (cells is not [""])
                return new CsvLine(line, [.. cells]);
        }

        return null;
    }

    public void Dispose() => _text.Dispose();

    /// <summary>Reads a cell and what ends it; false when that is the line's end or the file's.</summary>
    private bool Cell(List<string> cells)
    {
        _cell.Clear();
        var symbol = Read();
        while (symbol is ' ' or '\t')
            symbol = Read();
        if (symbol == '"')
            return Quoted(cells);
        for (; symbol is not (',' or '\n' or -1); symbol = Read())
            Append(symbol, _line);
        cells.Add(_cell.ToString().Trim());
        return symbol == ',';
    }

    private bool Quoted(List<string> cells)
    {
        var opened = _line;
        int symbol;
        for (; ; Append(symbol, opened))
        {
            symbol = Read();
            if (symbol < 0)
                throw OutOfPlace(opened);
            if (symbol != '"')
                continue;
            symbol = Read();
            if (symbol != '"')
                break;
        }

        while (symbol is ' ' or '\t')
            symbol = Read();
        if (symbol is not (',' or '\n' or -1))
            throw OutOfPlace(opened);
        cells.Add(_cell.ToString());
        return symbol == ',';
    }

    private void Append(int symbol, long line)
    {
        if (_cell.Length == LongestCell)
            throw new DataFileException(
                _path,
                $"line {line} has a cell of more than {LongestCell} characters; is a quotation mark not closed?"
            );
        _cell.Append((char)symbol);
    }

    /// <summary>The next character, every kind of line end as a line feed; -1 at the end.</summary>
    private int Read()
    {
        var symbol = _text.Read();
        if (symbol == '\n' && _afterReturn)
            symbol = _text.Read();
        _afterReturn = symbol == '\r';
        _ended = symbol < 0;
        if (symbol is '\r' or '\n')
        {
            _line++;
            return '\n';
        }

        if (symbol == Undecodable)
            throw new DataFileException(
                _path,
                $"line {_line} holds bytes that are no text in {_encoding}; save the file as UTF-8"
            );
        if (symbol == 0)
            throw new DataFileException(
                _path,
                $"line {_line} holds a NUL character; text in UTF-8 was expected, or in UTF-16 with its byte order mark"
            );
        return symbol;
    }

    private DataFileException OutOfPlace(long line) =>
        new(_path, $"line {line} is not a line of comma-separated values: a quotation mark is out of place");
}
