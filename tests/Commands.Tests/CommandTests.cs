using System.Globalization;
using System.Text.Json;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>The commands as a user runs them.</summary>
[Collection("console")]
public class CommandTests
{
    private const string Example =
        "simulate two-parameter-network --set link=power --set exponent=2 --start=-0.1,10 --step-size 0.011 --steps 200";

    [Fact]
    public void Simulate_WorkedExample_EndsAtThePublishedSharpness()
    {
        using var folder = new TemporaryFolder();
        var rows = Export(folder, Example);
        Assert.Equal(201, rows.Count);
        // (3.6), to the published decimals.
        Near.Equal(160.6, rows[^1]["sharpness"], 0.1, "final sharpness");
        Near.Equal(48.2, rows.Max(r => r["loss"]), 0.05, "largest loss");
        Near.Equal(1, rows[0]["loss"], 1e-12, "the first row is the start");
        Assert.Equal((-0.1, 10.0), (rows[0]["theta_1"], rows[0]["theta_2"]));
    }

    [Fact]
    public void Export_Csv_HasTheDocumentedColumnsInOrder()
    {
        using var folder = new TemporaryFolder();
        var names = Export(folder, "simulate polynomial-valley --step-size 0.1 --steps 3")[0].Keys.ToList();
        string[] documented =
        [
            "step",
            "loss",
            "gradient_norm",
            "sharpness",
            "lambda_2",
            "lambda_3",
            "lambda_min",
            "residual_1",
            "residual_2",
            "residual_3",
            "rotation_1",
            "similarity_1",
            "similarity_2",
            "similarity_3",
            "m3",
            "m4",
            "theta_1",
            "theta_2",
            "theta_3",
        ];
        var places = documented.Select(name => names.IndexOf(name)).ToArray();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Export_JsonAndCsv_HoldTheSameNumbers()
    {
        using var folder = new TemporaryFolder();
        var rows = Export(folder, Example);
        var file = folder.File("series.json");
        Assert.Equal(0, CommandLine.Run("export", folder.File("run"), "--format", "json", "--output", file).Code);
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var json = document.RootElement.EnumerateArray().ToArray();
        Assert.Equal(rows.Count, json.Length);
        for (var i = 0; i < json.Length; i++)
            foreach (var (name, value) in rows[i])
            {
                var cell = json[i].GetProperty(name);
                if (double.IsFinite(value))
                    Assert.Equal(value, cell.GetDouble());
                else
                    Assert.Equal(JsonValueKind.Null, cell.ValueKind);
            }
    }

    [Fact]
    public void Simulate_SameSettingsTwice_GiveTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a", "b" })
            CommandLine.Run([.. Example.Split(' '), "--out", folder.File(name)]);
        Assert.Equal(
            File.ReadAllBytes(folder.File("a/series.parquet")),
            File.ReadAllBytes(folder.File("b/series.parquet"))
        );
    }

    [Fact]
    public void Simulate_DivergingRun_IsANormalResult()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = CommandLine.Run(
            "simulate",
            "quadratic",
            "--step-size",
            "3",
            "--steps",
            "1000",
            "--out",
            folder.File("run")
        );
        Assert.Equal(0, code);
        Assert.Contains("Diverged (an outcome, not an error)", output, StringComparison.Ordinal);
        Assert.Equal(Dynamics.Descent.StopReason.Diverged, RunRecord.Load(folder.File("run")).Manifest.Reason);
    }

    [Fact]
    public void Train_SmallNetwork_RecordsAndSavesWeightsThatStartTheNextRunWhereItEnded()
    {
        using var folder = new TemporaryFolder();
        const string settings =
            "train --train 60 --test 20 --widths 4 --activation tanh --loss mse --measure-every 2 --eigenpairs 2 --threads 1 --dtype float64";
        var weights = folder.File("weights.safetensors");
        var first = Export(folder, $"{settings} --steps 6 --save-weights {weights}", "first");
        var second = Export(folder, $"{settings} --steps 2 --init {weights}", "second");
        string[] documented =
        [
            "step",
            "loss",
            "gradient_norm",
            "sharpness",
            "lambda_2",
            "lambda_min",
            "residual_1",
            "rotation_1",
            "similarity_2",
            "m3",
            "m4",
            "train_accuracy",
            "test_accuracy",
        ];
        foreach (var name in documented)
            Assert.Contains(name, first[0].Keys);
        Assert.Equal([0, 2, 4, 6], first.Select(r => r["step"]));
        Assert.Equal(first[^1]["loss"], second[0]["loss"]);
        // Eigenvalues to the solver's relative tolerance of 1e-3 squared over the gap, well within 1e-3.
        Near.Equal(
            first[^1]["sharpness"],
            second[0]["sharpness"],
            1e-3 * first[^1]["sharpness"],
            "sharpness where the first run ended"
        );
    }

    [Fact]
    public void List_KindAndName_ShowsThatAlone()
    {
        var (_, all, _) = CommandLine.Run("list");
        foreach (var kind in new[] { "landscapes", "optimisers", "theories", "data-sets", "losses", "claims" })
        {
            var (code, part, _) = CommandLine.Run("list", kind);
            Assert.Equal(0, code);
            Assert.Contains(part, all, StringComparison.Ordinal);
        }

        var quartic = LandscapeCatalogue.All.Find("quartic");
        var (_, one, _) = CommandLine.Run("list", "landscape", "quartic");
        Assert.StartsWith($"quartic: {quartic.Summary}", one, StringComparison.Ordinal);
        Assert.Equal(1 + quartic.Parameters.Count, one.TrimEnd().Split('\n').Length);
        var claim = ChapterCatalogue.All[0].Statements[0];
        Assert.StartsWith(claim.Id, CommandLine.Run("list", "claim", claim.Id).Output, StringComparison.Ordinal);
        CommandLine.Fails(2, "Did you mean quartic?", "list", "landscape", "quartc");
        CommandLine.Fails(2, "Did you mean theories?", "list", "theoires");
        CommandLine.Fails(2, "there is no claim 'x'", "list", "claim", "x");
        Assert.Equal(CommandLine.Run("list", "optimisers"), CommandLine.Run("list", "optimizers"));
    }

    [Fact]
    public void List_Json_SaysTheSame()
    {
        using var all = JsonDocument.Parse(CommandLine.Run("list", "--json").Output);
        using var kind = JsonDocument.Parse(CommandLine.Run("list", "landscapes", "--json").Output);
        using var one = JsonDocument.Parse(CommandLine.Run("list", "landscape", "quartic", "--json").Output);
        Assert.Equal(
            LandscapeCatalogue.All.Names,
            kind.RootElement.EnumerateArray().Select(entry => entry.GetProperty("name").GetString())
        );
        Assert.Equal(kind.RootElement.GetRawText(), Outdented(all.RootElement.GetProperty("landscapes").GetRawText()));
        var quartic = LandscapeCatalogue.All.Find("quartic");
        Assert.Equal(quartic.Summary, one.RootElement.GetProperty("summary").GetString());
        Assert.Equal(quartic.Start, one.RootElement.GetProperty("start").GetString());
        Assert.Equal(
            quartic.Parameters.Select(p => (p.Name, p.Default, p.Meaning)),
            one.RootElement.GetProperty("parameters")
                .EnumerateArray()
                .Select(p =>
                    (
                        p.GetProperty("name").GetString()!,
                        p.GetProperty("default").GetString()!,
                        p.GetProperty("meaning").GetString()!
                    )
                )
        );
        Assert.Equal(
            ChapterCatalogue.All.SelectMany(chapter => chapter.Statements.Select(s => (s.Id, s.Text, chapter.Title))),
            all.RootElement.GetProperty("claims")
                .EnumerateArray()
                .Select(claim =>
                    (
                        claim.GetProperty("name").GetString()!,
                        claim.GetProperty("summary").GetString()!,
                        claim.GetProperty("group").GetString()!
                    )
                )
        );

        static string Outdented(string text) => text.Replace("\n  ", "\n", StringComparison.Ordinal);
    }

    [Fact]
    public void List_All_HasEveryEntryOfEveryCatalogue()
    {
        var (code, output, _) = CommandLine.Run("list");
        Assert.Equal(0, code);
        INamed[] entries =
        [
            .. LandscapeCatalogue.All,
            .. TheoryCatalogue.All,
            .. DataCatalogue.All,
            .. ActivationCatalogue.All,
            .. LossCatalogue.All,
        ];
        Assert.All(
            entries,
            entry => Assert.Contains($"\n  {entry.Name}: {entry.Summary}", output, StringComparison.Ordinal)
        );
        Assert.All(
            entries.SelectMany(entry => entry.Parameters),
            p => Assert.Contains($" {p.Name} = {p.Default}: {p.Meaning}", output, StringComparison.Ordinal)
        );
        Assert.All(
            ChapterCatalogue.All.SelectMany(chapter => chapter.Statements),
            s => Assert.Contains($" {s.Id}: {s.Text}", output, StringComparison.Ordinal)
        );
    }

    private static List<Dictionary<string, double>> Export(TemporaryFolder folder, string command, string name = "run")
    {
        var (code, _, error) = CommandLine.Run([.. command.Split(' '), "--out", folder.File(name)]);
        Assert.True(code == 0, error);
        var file = folder.File($"{name}.csv");
        Assert.Equal(0, CommandLine.Run("export", folder.File(name), "--format", "csv", "--output", file).Code);
        var lines = File.ReadAllLines(file);
        var names = lines[0].Split(',');
        return
        [
            .. lines[1..]
                .Select(line =>
                    line.Split(',')
                        .Select(
                            (cell, i) =>
                                (
                                    Name: names[i],
                                    Value: double.Parse(
                                        cell.Replace("nan", "NaN", StringComparison.Ordinal),
                                        CultureInfo.InvariantCulture
                                    )
                                )
                        )
                        .ToDictionary(p => p.Name, p => p.Value)
                ),
        ];
    }
}
