using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using FlatBias.Commands.Tests;
using FlatBias.Testing;
using OxyPlot;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>A sample of scripts/ that was run.</summary>
/// <param name="Plot">The figure that it left in the variable <c>plot</c>.</param>
/// <param name="Svg">The picture that it saved.</param>
internal sealed record SampleRun(PlotModel Plot, string Svg);

/// <summary>The samples of scripts/, each run once, in the reduced setting, for all tests that look at it.</summary>
internal static partial class Samples
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<SampleRun>>> Runs = new(StringComparer.Ordinal);

    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "scripts");

    /// <summary>The names without extension, in order; flatbias.csx is what they load, and no sample.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory
            .GetFiles(Folder, "*.csx")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name != "flatbias")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The path of a sample.</summary>
    public static string PathOf(string name, string extension = ".csx") => Path.Combine(Folder, name + extension);

    /// <summary>Runs a sample, or returns what an earlier test ran.</summary>
    public static Task<SampleRun> Run(string name) =>
        Runs.GetOrAdd(name, key => new Lazy<Task<SampleRun>>(() => RunNow(key))).Value;

    private static async Task<SampleRun> RunNow(string name)
    {
        using var folder = new TemporaryFolder();
        var picture = folder.File("picture.svg");
        var record = await Record(name, folder.File("record"));
        var state = await ScriptEngine.Run(PathOf(name), [picture, "reduced", .. record]);
        var plot = Assert.IsType<PlotModel>(state.GetVariable("plot").Value);
        return new SampleRun(plot, await File.ReadAllTextAsync(picture));
    }

    // A sample that reads a record says in its comment which command writes it.
    private static async Task<string[]> Record(string name, string folder)
    {
        if (Command().Match(await File.ReadAllTextAsync(PathOf(name))) is not { Success: true } command)
            return [];
        using var process = Processes.Start([.. command.Groups[1].Value.Split(' '), folder]);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return [folder];
    }

    [GeneratedRegex(@"^// .*: flatbias (simulate .* --out) run\.", RegexOptions.Multiline)]
    private static partial Regex Command();
}
