using System.CommandLine.Parsing;
using System.Reflection;
using System.Text.Json;
using FlatBias.Dynamics.Sweeps;
using FlatBias.NeuralValidation.Training;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Cli;
using FlatBias.Reports.Figures;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>What the pages tell a reader to type.</summary>
[Collection("console")]
public class CodeBlockTests
{
    public static TheoryData<string> Commands => [.. MarkdownPage.All.SelectMany(page => page.Commands).Distinct()];

    public static TheoryData<string, string> CSharp =>
        [
            .. MarkdownPage.All.SelectMany(page =>
                page.Blocks.Where(block =>
                        block.Language == "csharp" && !page.Name.EndsWith("cookbook.md", StringComparison.Ordinal)
                    )
                    .Select(block => (page.Name, block.Code))
            ),
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Commands_OfAPage_AreUnderstood(string command)
    {
        // Where its output goes is the shell's affair.
        var words = CommandLineParser.SplitCommandLine(command).TakeWhile(word => word is not (">" or "|"));
        var parsed = FlatBiasCommand.Parse([.. words], CancellationToken.None);
        Assert.True(
            parsed.Errors.Count == 0,
            $"flatbias {command}: {string.Join(" ", parsed.Errors.Select(error => error.Message))}"
        );
    }

    [Theory]
    [MemberData(nameof(CSharp))]
    public async Task CSharp_OfAPage_PrintsWhatThePageSays(string page, string code)
    {
        using var printed = new StringWriter();
        var options = ScriptOptions
            .Default.WithReferences(
                new[] { typeof(Sweep), typeof(DescentStudy), typeof(TrainingSpec), typeof(PlotStyle) }
                    .Select(type => type.Assembly)
                    .Append(Assembly.Load("TorchSharp"))
            )
            .WithImports(
                "System",
                "System.Linq",
                "System.Collections.Generic",
                typeof(Sweep).Namespace!,
                typeof(DescentStudy).Namespace!
            );
        var output = Console.Out;
        try
        {
            Console.SetOut(printed);
            await CSharpScript.RunAsync(code, options, cancellationToken: TestContext.Current.CancellationToken);
        }
        finally
        {
            Console.SetOut(output);
        }

        // A page that shows output shows it in the next block.
        var blocks = new MarkdownPage(page).Blocks.ToList();
        var next = blocks.FindIndex(block => block.Code == code) + 1;
        var actual = printed.ToString().ReplaceLineEndings("\n").TrimEnd();
        if (next < blocks.Count && blocks[next].Language == "text")
            Assert.True(blocks[next].Code.TrimEnd() == actual, $"{page} prints\n{actual}");
    }

    [Fact]
    public void Json_OfThePages_IsWellFormed()
    {
        string[] blocks =
        [
            .. MarkdownPage
                .All.SelectMany(page => page.Blocks)
                .Where(block => block.Language == "json")
                .Select(block => block.Code),
        ];
        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
            using (JsonDocument.Parse(block)) { }
    }
}
