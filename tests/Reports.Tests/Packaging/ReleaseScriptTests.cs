using FlatBias.Commands.Tests;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

/// <summary>What scripts/release refuses before it touches anything.</summary>
public sealed class ReleaseScriptTests
{
    [Theory]
    [InlineData("", "usage: scripts/release [--url URL] VERSION FEED [EARLIER]")]
    [InlineData("--url https://flatbias.example/ 9.9.9", "usage: ")]
    [InlineData("--url http://flatbias.example/ 9.9.9 feed", "is no address that begins with https://")]
    [InlineData("--url https://flatbias.example/&x 9.9.9 feed", "is no address that begins with https://")]
    [InlineData("9.9 feed", "'9.9' is no version such as 0.2.0")]
    [InlineData("v9.9.9 feed", "'v9.9.9' is no version such as 0.2.0")]
    public void Release_WrongWords_AreOneLineAndCode2(string words, string message)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash");
        string[] args = [Path.Combine(Repository.Root, "scripts", "release"), .. words.Split(' ')];
        using var process = Processes.Run("/bin/bash", [.. args.Where(word => word.Length > 0)]);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
