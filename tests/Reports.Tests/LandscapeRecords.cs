using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests;

/// <summary>Records of runs, each made when a test of the class first asks for it and read from the folder afterwards.</summary>
public sealed class LandscapeRecords : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    internal RunRecords Of(IEnumerable<RunSpec> runs)
    {
        var store = new RecordStore(_folder.Path, 1);
        var context = new RunContext(new RunInputs(), TestContext.Current.CancellationToken);
        return new RunRecords(runs.Select(run => store.Find(run) ?? store.Make(run, context)));
    }
}
