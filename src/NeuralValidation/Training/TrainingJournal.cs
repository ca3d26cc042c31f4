using System.Globalization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Files;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Training;

/// <summary>
/// Keeps a network run on disk while it goes: rows as they are measured, and a checkpoint every so many steps and before an interruption. A process killed at any moment leaves either checkpoint whole, and a run taken up
/// from it has the same bits as one that was never killed. The folder holds checkpoint.safetensors and series.rows;
/// whoever finishes the run removes them, or leaves them for a longer run of the same settings to go on from.
/// </summary>
public sealed class TrainingJournal : IRunJournal<Tensor>, IDisposable
{
    private const string Prefix = "run.";
    private readonly string _folder,
        _rowsPath;
    private readonly int _every,
        _last;
    private readonly FileStream _lock;
    private readonly IReadOnlyDictionary<string, string> _identity;
    private readonly StateFile? _found;
    private SeriesLog? _log;

    /// <summary>Opens the journal of a run.</summary>
    /// <param name="folder">Its folder, which exists.</param>
    /// <param name="identity">All that the run's bits depend on, by name: a checkpoint with another value belongs to another run.</param>
    /// <param name="every">Steps between checkpoints, at least 1.</param>
    /// <param name="last">The step at which the run ends, where a checkpoint is kept as well; the bits before do not
    /// depend on it.</param>
    /// <exception cref="DataFileException">There is a checkpoint, and it is damaged, of another format, of another run
    /// or of a longer one; the message says which.</exception>
    /// <exception cref="IOException">Another process is making a run in this folder, or it cannot be written
    /// to.</exception>
    public TrainingJournal(
        string folder,
        IReadOnlyDictionary<string, string> identity,
        int every,
        int last = int.MaxValue
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(identity);
        _every = Require.InRange(every, 1, name: "checkpoint-every");
        _last = Require.InRange(last, 0);
        (_folder, _identity, _rowsPath) = (folder, identity, Path.Combine(folder, JournalFiles.Rows));
        _lock = Locked(folder);
        try
        {
            AtomicFile.RemoveLeftovers(Checkpoint);
            if (!File.Exists(Checkpoint))
                return;
            _found = StateFile.Read(Checkpoint);
            Check(_found.Metadata);
            FoundStep = (int)Whole("step", int.MaxValue);
            if (FoundStep > last)
                throw new DataFileException(
                    Checkpoint,
                    $"it is that of a longer run: it was taken at step {FoundStep}, and steps is {last} here; use another folder, or remove it to start anew"
                );
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>The step of the checkpoint that an earlier process left, or null.</summary>
    public int? FoundStep { get; }

    private string Checkpoint => Path.Combine(_folder, JournalFiles.Checkpoint);

    /// <inheritdoc/>
    /// <exception cref="DataFileException">Rows or state are not those of the checkpoint.</exception>
    public bool TryResume(IResumable<Tensor> state, SeriesTable series)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(series);
        if (_found is null)
        {
            _log = Writing(() => SeriesLog.Begin(_rowsPath));
            return false;
        }

        var length = Whole("rows_length", long.MaxValue);
        _log = Writing(() =>
            SeriesLog.TakeUp(_rowsPath, length, _found.Metadata.GetValueOrDefault("rows_hash", ""), series)
        );
        _found.Restore(state);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The row cannot be written.</exception>
    public void Append(SeriesTable series) => Writing(() => _log!.Append(series));

    /// <inheritdoc/>
    /// <exception cref="IOException">The checkpoint cannot be written; the one before is left as it was.</exception>
    public void Offer(int step, bool ending, IResumable<Tensor> state)
    {
        if (!ending && step != _last && (step == 0 || step % _every != 0))
            return;
        Writing(() =>
        {
            // Rows before checkpoint: what a checkpoint speaks of is on the disk.
            _log!.Flush();
            StateFile.Write(Checkpoint, state, Metadata(step));
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log?.Dispose();
        _lock.Dispose();
    }

    private Dictionary<string, string> Metadata(int step)
    {
        var metadata = new Dictionary<string, string>
        {
            ["step"] = step.ToString(CultureInfo.InvariantCulture),
            ["rows_length"] = _log!.Length.ToString(CultureInfo.InvariantCulture),
            ["rows_hash"] = _log.Hash,
        };
        foreach (var (name, value) in _identity)
            metadata[Prefix + name] = value;
        return metadata;
    }

    /// <summary>A whole number of the checkpoint found.</summary>
    private long Whole(string name, long largest) =>
        long.TryParse(
            _found!.Metadata.GetValueOrDefault(name),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var value
        )
        && value <= largest
            ? value
            : throw new DataFileException(
                Checkpoint,
                $"its {name} is '{_found.Metadata.GetValueOrDefault(name, "missing")}'; a whole number from 0 to {largest} was expected; remove it to start anew"
            );

    private void Check(IReadOnlyDictionary<string, string> metadata)
    {
        var there = metadata
            .Where(m => m.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(m => m.Key[Prefix.Length..], m => m.Value);
        if (
            there
                .Keys.Union(_identity.Keys)
                .Order(StringComparer.Ordinal)
                .FirstOrDefault(name => there.GetValueOrDefault(name) != _identity.GetValueOrDefault(name)) is
            { } other
        )
        {
            throw new DataFileException(
                Checkpoint,
                $"it is the checkpoint of another run: {other} is {there.GetValueOrDefault(other, "not set")} there and {_identity.GetValueOrDefault(other, "not set")} here; "
                    + "use the same settings and program to go on, another folder, or remove it to start anew"
            );
        }
    }

    // A file of its own: the rows are read by others while they are written. It goes with the process, however that
    // ends.
    private static FileStream Locked(string folder)
    {
        var path = Path.Combine(folder, JournalFiles.Lock);
        try
        {
            return new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0,
                FileOptions.DeleteOnClose
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{folder} cannot be locked for a run, which another process may be making there: {e.Message}",
                e
            );
        }
    }

    private void Writing(Action write) =>
        Writing(() =>
        {
            write();
            return true;
        });

    private T Writing<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is (IOException and not DataFileException) or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{_folder} cannot be written to: {e.Message.TrimEnd('.')}; what is there up to the last checkpoint is kept, and once this is mended the same command goes on from it.",
                e
            );
        }
    }
}
