using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters;

/// <summary>The records of the runs that a chapter asked for, by specification: what a run is says where its record is.</summary>
internal sealed class RunRecords
{
    private readonly Dictionary<string, RunRecord> _records = [];

    /// <summary>Files records under their specifications.</summary>
    /// <param name="records">One for each run of the chapter.</param>
    public RunRecords(IEnumerable<RunRecord> records)
    {
        foreach (var record in records)
            _records.TryAdd(record.Manifest.Specification.Key(), record);
    }

    /// <summary>The record of a run.</summary>
    /// <param name="spec">The run, among those that the chapter asked for.</param>
    /// <exception cref="KeyNotFoundException">The chapter asked for no such run: a fault of the chapter.</exception>
    public RunRecord this[RunSpec spec] =>
        _records.TryGetValue(spec.Key(), out var record)
            ? record
            : throw new KeyNotFoundException(
                $"{spec.Key()} is not among the {_records.Count} runs that the chapter asked for."
            );
}
