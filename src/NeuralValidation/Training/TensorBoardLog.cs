using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Native;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>
/// The rows of a run as event files of TensorBoard, by TorchSharp's writer: a scalar a column under its name, in single
/// precision, as that format has it. The record keeps the numbers.
/// </summary>
public sealed class TensorBoardLog
{
    private readonly TorchSharp.Modules.SummaryWriter _writer;
    private int _rows;

    /// <summary>Opens a new event file.</summary>
    /// <param name="folder">Its folder, made when it is missing.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public TensorBoardLog(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        TorchRuntime.EnsureLoaded();
        Directory.CreateDirectory(folder);
        _writer = torch.utils.tensorboard.SummaryWriter(folder);
    }

    /// <summary>
    /// Writes the rows that were not there at the last call: of a run taken up, those of the earlier process first.
    /// What is not finite is left out.
    /// </summary>
    /// <param name="series">The series, with a column of steps.</param>
    /// <exception cref="ArgumentException">It has no steps.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(SeriesTable series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var steps = series[Columns.Step];
        for (; _rows < series.Rows; _rows++)
            foreach (var name in series.Names)
                if (name != Columns.Step && double.IsFinite(series[name][_rows]))
                    _writer.add_scalar(name, (float)series[name][_rows], (int)steps[_rows]);
    }
}
