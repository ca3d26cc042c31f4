using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Records by specification.</summary>
public class RunRecordsTests
{
    private static readonly SimulationSpec[] Specs =
    [
        .. new[] { 0.009, 0.011 }.Select(stepSize => new SimulationSpec(
            TwoParameterRuns.Landscape,
            TwoParameterRuns.Start,
            stepSize
        )
        {
            Steps = 200,
        }),
    ];

    [Fact]
    public void Item_EqualSpecificationMadeAnew_IsTheRecordOfThatRunWhateverTheOrder()
    {
        foreach (var records in new[] { Records(Specs), Records([.. Specs.Reverse()]), Records([.. Specs, .. Specs]) })
        foreach (var spec in Specs)
            Assert.Equal(spec.StepSize.Constant, records[spec with { Start = [.. spec.Start] }].Series["step_size"][0]);
    }

    [Fact]
    public void Item_RunThatWasNotAskedFor_NamesIt()
    {
        var other = Specs[0] with { Steps = 201 };
        var error = Assert.Throws<KeyNotFoundException>(() => Records(Specs)[other]);
        Assert.Contains(other.Key(), error.Message, StringComparison.Ordinal);
    }

    private static RunRecords Records(IEnumerable<SimulationSpec> specs) =>
        new(
            specs.Select(spec => new RunRecord(
                new RunManifest
                {
                    Specification = spec,
                    Versions = [],
                    Machine = [],
                    Reason = StopReason.StepLimit,
                },
                SeriesTable.From([("step_size", [spec.StepSize.Constant])])
            ))
        );
}
