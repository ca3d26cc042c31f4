using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Runs;

/// <summary>
/// Where a run keeps what it has so far, so that a later process can take it up: the rows as they are measured, and the state between two steps now and then.
/// A run that was taken up has the same bits as one that was never interrupted.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IRunJournal<in TVector>
{
    /// <summary>Brings back what an earlier process left.</summary>
    /// <param name="state">Overwritten with the state of the last checkpoint.</param>
    /// <param name="series">Empty; filled with the rows up to that checkpoint.</param>
    /// <returns>False where there is nothing to take up; then neither is touched.</returns>
    bool TryResume(IResumable<TVector> state, SeriesTable series);

    /// <summary>Keeps the last row of the series.</summary>
    /// <param name="series">The series; its last row has just been filled.</param>
    void Append(SeriesTable series);

    /// <summary>Told between every two steps; may keep a checkpoint.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="ending">Whether the run is about to be interrupted: the last call of this process.</param>
    /// <param name="state">The state.</param>
    void Offer(int step, bool ending, IResumable<TVector> state);
}
