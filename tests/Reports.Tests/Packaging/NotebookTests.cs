using FlatBias.Reports.Figures;
using FlatBias.Testing;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;
using OxyPlot;

namespace FlatBias.Reports.Tests.Packaging
{
    /// <summary>
    /// What a notebook does with the package: it runs the cell that the package carries, and asks the formatter.
    /// </summary>
    public class NotebookTests
    {
        private const string Cell = "#!csharp";

        [Fact]
        public async Task Extension_Run_ShowsAPlotAsSvg()
        {
            var text = await File.ReadAllTextAsync(
                Path.Combine(Repository.Root, "src", "Reports", "Figures", "extension.dib"),
                TestContext.Current.CancellationToken
            );
            Assert.StartsWith(Cell, text, StringComparison.Ordinal);
            var options = ScriptOptions.Default.WithReferences(
                typeof(Plot).Assembly,
                typeof(PlotModel).Assembly,
                typeof(Formatter).Assembly
            );
            await CSharpScript.RunAsync(
                text[Cell.Length..],
                options,
                cancellationToken: TestContext.Current.CancellationToken
            );
            double[] x = [1, 2];
            using var shown = new StringWriter();
            ((Action<PlotModel, TextWriter>)Formatter.Registered["text/html"])(Plot.Series("x", "y", x, x), shown);
            Assert.StartsWith(
                "<svg",
                shown.ToString()[shown.ToString().IndexOf("<svg", StringComparison.Ordinal)..],
                StringComparison.Ordinal
            );
            Assert.Contains("160mm", shown.ToString(), StringComparison.Ordinal);
        }
    }
}

namespace Microsoft.DotNet.Interactive.Formatting
{
    /// <summary>Stands for the notebook's own class, which has this method among others.</summary>
    public static class Formatter
    {
        internal static Dictionary<string, Delegate> Registered { get; } = [];

        public static void Register<T>(Action<T, TextWriter> formatter, string mimeType) =>
            Registered[mimeType] = formatter;
    }
}
