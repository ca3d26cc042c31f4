using System.Globalization;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

[Collection("console")]
public sealed class CompareTests
{
    private static readonly string[] Run =
    [
        "compare",
        "two-parameter-network",
        "--set",
        "link=power",
        "--set",
        "exponent=2",
        "--start=-0.1,10",
        "--step-size",
        "0.011",
    ];

    [Fact]
    public void Compare_TwoParameters_PrintsEveryTheoryAndTheExactOneIsRightToTheEnd()
    {
        var (code, output, _) = CommandLine.Run([.. Run, "--steps", "30"]);

        Assert.Equal(0, code);
        Assert.All(Dynamics.Theories.TheoryCatalogue.All, theory => Assert.Contains(theory.Name, output));
        var exact = output.Split('\n').Single(line => line.StartsWith("coupled-map ", StringComparison.Ordinal));
        Assert.Contains("   30    -   30 ", exact);
        Assert.Contains("0.00 %", exact);
    }

    [Fact]
    public void Compare_AllTheories_AreShownBestFirstAndTheDeclinedInOneLine()
    {
        // What cuts the moments below order 6 declines a collocation jet.
        var (_, output, _) = CommandLine.Run([.. Run, "--steps", "30", "--jet", "collocation"]);
        string[] lines =
        [
            .. output.Split('\n').SkipWhile(line => !line.StartsWith("theory ", StringComparison.Ordinal)),
        ];
        int[] right =
        [
            .. lines
                .Skip(1)
                .TakeWhile(line => !line.Contains(" declined: ", StringComparison.Ordinal))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
                .Select(text => text == "-" ? 0 : int.Parse(text, CultureInfo.InvariantCulture)),
        ];
        Assert.True(right.Length > 5, output);
        Assert.Equal(right.OrderDescending(), right);
        var declined = Assert.Single(lines, line => line.Contains(" declined: ", StringComparison.Ordinal));
        Assert.StartsWith(
            $"{Dynamics.Theories.TheoryCatalogue.All.Count - right.Length} of {Dynamics.Theories.TheoryCatalogue.All.Count} ",
            declined,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Compare_WithOut_KeepsARecordThatSaysWhoDeclined()
    {
        using var folder = new TemporaryFolder();

        var (code, _, error) = CommandLine.Run([
            "compare",
            "scalar-product",
            "--set",
            "depth=4",
            "--start=0.505,0.8,1.5,1.7",
            "--step-size",
            "0.34",
            "--steps",
            "10",
            "--theories",
            "memory-map-4,catapult",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        var record = RunRecord.Load(folder.File("run"));
        Assert.Equal(11, record.Series.Rows);
        Assert.Contains("memory-map-4_sharpness", record.Series.Names);
        Assert.Contains("not quadratic", record.Manifest.Notes!["catapult"]);
    }

    [Fact]
    public void Compare_CollocationOnAValleyWithinItsDegree_IsExactAndSaysWhereItLooked()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([
            "compare",
            "polynomial-valley",
            "--set",
            "stiffness=0.3,0.5",
            "--step-size",
            "1.1",
            "--steps",
            "40",
            "--jet",
            "collocation",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("It looked at the surface from u = ", output);
        Assert.Contains("its forecast may be believed", output);
        var exact = output.Split('\n').Single(line => line.StartsWith("memory-map-6-cubic ", StringComparison.Ordinal));
        Assert.Contains("   40   40   40    0.00 %", exact);
        Assert.Contains("cannot be cut at order 4", output);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Theory]
    [InlineData("theory is 'nobody'; it must be", "--theories", "nobody")]
    [InlineData("steps is 0", "--steps", "0")]
    [InlineData("approach is -1", "--approach", "-1")]
    [InlineData("approach-step-size is 0", "--approach-step-size", "0")]
    [InlineData("'both' not recognized", "--jet", "both")]
    [InlineData("the run diverges after", "--approach", "500", "--approach-step-size", "0.1")]
    public void Compare_WrongInput_IsOneLine(string words, params string[] more) =>
        CommandLine.Fails(2, words, [.. Run, .. more]);

    [Fact]
    public void Compare_CollocationWithoutAFloor_IsOneLine() =>
        CommandLine.Fails(
            2,
            "at least two dimensions",
            [
                "compare",
                "quadratic",
                "--set",
                "eigenvalues=2",
                "--start=1",
                "--step-size",
                "1.1",
                "--jet",
                "collocation",
            ]
        );
}
