using System.Runtime.InteropServices;
using FlatBias.Dynamics;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>
/// What Ctrl-C and SIGTERM do, the same to every command: the first asks for an end in order, and ends the process where
/// none comes in time, whatever it is waiting for or computing; a second ends it at once. Nothing is lost by that but
/// what was not kept yet: files are replaced whole, and a lock is gone with its process.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // The process is gone two seconds after the signal, with what last words may take.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1),
        LastWords = TimeSpan.FromSeconds(0.5);

    private readonly CancellationTokenSource _asked = new();
    private readonly TaskCompletionSource _ended = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly TimeSpan _patience;
    private int _received;
    private bool _terminated;

    /// <summary>Begins to listen.</summary>
    public Interruption()
        : this(Usual) =>
        _signals = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive),
        ];

    /// <summary>Waits until it is told of a signal.</summary>
    /// <param name="patience">How long a command is waited for.</param>
    internal Interruption(TimeSpan patience) => (_patience, _signals) = (patience, []);

    /// <summary>Tells a command that it should end.</summary>
    public CancellationToken Token => _asked.Token;

    /// <summary>The command has ended by itself.</summary>
    /// <param name="code">Its exit code.</param>
    /// <returns>The same, or that of a termination where it was interrupted by one.</returns>
    public int End(int code)
    {
        _ended.TrySetResult();
        return code == FlatBiasCommand.Interrupted && _terminated ? FlatBiasCommand.Terminated : code;
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _asked.Dispose();
    }

    // Every signal has a thread of its own, so that one may wait here while the next one comes.
    internal void Receive(PosixSignalContext context)
    {
        var isFirst = Interlocked.Increment(ref _received) == 1;
        if (isFirst)
        {
            _terminated = context.Signal == PosixSignal.SIGTERM;
            // What is told by the token may take its time, and this does not.
            _ = _asked.CancelAsync();
        }

        // What is not cancelled here ends the process as the system does it, which is 130 or 143 to a shell.
        context.Cancel = isFirst && _ended.Task.Wait(_patience);
        if (!context.Cancel)
            Leave();
    }

    /// <summary>Says why, on a thread of its own, since who reads the messages may have stopped doing so; and tidies up.</summary>
    private static void Leave()
    {
        // Progress bars hide the cursor.
        var shown = Console.IsErrorRedirected ? "" : "\e[?25h";
        var words = new Thread(() =>
            Try(() => Console.Error.WriteLine($"{shown}flatbias: {CommandFailure.WasInterrupted}"))
        )
        {
            IsBackground = true,
        };
        words.Start();
        words.Join(LastWords);
        // Last of all, because the command goes on until the process ends.
        Try(AtomicFile.RemoveUnfinished);
        Try(FolderLock.RemoveFiles);
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is nobody left to tell.
        }
    }
}
