using System.Text;

namespace FlatBias.Reports.Cli;

/// <summary>
/// Standard error for which nobody may be there: what cannot be written, because it is closed or its disk is full, is
/// lost, and ends neither the work nor the process.
/// </summary>
internal sealed class UnfailingError : TextWriter
{
    private TextWriter? _opened;

    public override Encoding Encoding => Console.OutputEncoding;

    // Opened when there is something to say, which most commands never have.
    private TextWriter Opened =>
        _opened ??= new StreamWriter(Console.OpenStandardError(), Console.OutputEncoding) { AutoFlush = true };

    public override void Write(char value) => Try(() => Opened.Write(value));

    public override void Write(string? value) => Try(() => Opened.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => Opened.Write(buffer, index, count));

    public override void Flush() => Try(() => _opened?.Flush());

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is nobody left to tell.
        }
    }
}
