using System.Text;
using System.Text.RegularExpressions;
using FlatBias.Reports.Tests.Scripts;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>docs/cookbook.md and its pictures, made from the samples.</summary>
internal static class Cookbook
{
    private const string Introduction = """
        # Cookbook

        Short scripts, each a whole exploration with its picture. Build once with `dotnet build`, then run any of them by [dotnet-script](https://github.com/dotnet-script/dotnet-script), naming the picture if you like (.svg, .pdf or .png):

            dotnet script scripts/01-first-run.csx
            dotnet script scripts/05-heat-map.csx -- map.pdf

        Those that say so exist as a file too, which needs nothing but the .NET SDK and runs as fast as any program:

            dotnet run scripts/05-heat-map.cs

        `#load "flatbias.csx"` is the one line that a script in this folder needs: references, usings, and the two helpers `Picture` and `Reduced`. A script elsewhere takes the packages instead, `#r "nuget: FlatBias, 0.1.0"` and for networks that of a libtorch ([package](package.md)), once they are on a feed, and has its own usings.
        Every figure is a `PlotModel` of [OxyPlot](https://oxyplot.readthedocs.io): what `Plot` and `PlotStyle` return can be changed by everything that OxyPlot offers before it is saved. A script that fails names the line and the reason.

        This page is made from the scripts, in the reduced setting that the tests run (`reduced` among the arguments); at full size heat map and diagrams are finer.

        """;

    /// <summary>Where a sample's picture lies.</summary>
    public static string Picture(string name) =>
        Path.Combine(Repository.Root, "docs", "images", "cookbook", $"{name}.svg");

    /// <summary>The page as the samples give it.</summary>
    public static async Task<string> Write()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var name in Samples.Names)
        {
            var lines = (await File.ReadAllTextAsync(Samples.PathOf(name))).TrimEnd().Split('\n');
            Assert.All(lines[..2], line => Assert.StartsWith("// ", line, StringComparison.Ordinal));
            var title = lines[0][3..];
            var file = File.Exists(Samples.PathOf(name, ".cs")) ? $"; as a file [{name}.cs](../scripts/{name}.cs)" : "";
            page.Append(
                $"""

                ## {title}

                {Escape(lines[1][3..])} Script [{name}.csx](../scripts/{name}.csx){file}.

                ```csharp
                {string.Join('\n', lines[2..])}
                ```

                ![{title}](images/cookbook/{name}.svg)

                """.ReplaceLineEndings("\n")
            );
        }

        return page.ToString();
    }

    // A comment is plain text; in Markdown an asterisk, an underscore or a bracket would not be.
    private static string Escape(string text) => Regex.Replace(text, @"[*_<>\[\]`]", @"\$0");
}
