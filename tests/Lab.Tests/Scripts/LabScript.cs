using System.Text;
using FlatBias.Reports.Tests.Scripts;
using FlatBias.Testing;

namespace FlatBias.Lab.Tests.Scripts;

/// <summary>A script of the laboratory, run as if it lay beside the samples.</summary>
internal static class LabScript
{
    /// <summary>Runs it and returns one of its variables; its pictures go into a folder that is deleted.</summary>
    public static async Task<T> Run<T>(string text, string variable)
    {
        const string load = "#load \"flatbias.csx\"";
        Assert.Contains(load, text, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        var beside = Path.Combine(Repository.Root, "scripts", "flatbias.csx");
        var script = folder.Write(
            "laboratory.csx",
            Encoding.UTF8.GetBytes(text.Replace(load, $"#load \"{beside}\"", StringComparison.Ordinal))
        );

        var state = await ScriptEngine.Run(script, folder.File("picture.svg"));

        Assert.True(new FileInfo(folder.File("picture.svg")).Length > 0);
        return Assert.IsType<T>(state.GetVariable(variable).Value);
    }
}
