using System.Diagnostics;
using System.Net;
using FlatBias.Lab.Tests.Browser;
using FlatBias.Testing;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(PublishedLab))]

namespace FlatBias.Lab.Tests.Browser;

/// <summary>
/// The page as a static host would have it: published, and so trimmed, in a sub-folder of a server that knows nothing
/// of it. Made when the first test asks.
/// </summary>
public sealed class PublishedLab : IAsyncDisposable
{
    // What a run takes on a machine that is busy with everything else; a test that waits so long has failed.
    private const int Patience = 60_000;

    private readonly TemporaryFolder _folder = new();

    // Several classes of tests ask at once.
    private readonly Lazy<Task<string>> _site;
    private readonly Lazy<Task<IBrowser>> _browser;
    private readonly HttpListener _listener = new();
    private IPlaywright? _playwright;

    public PublishedLab() => (_site, _browser) = (new(Publish), new(StartBrowser));

    /// <summary>Opens the page in a context of its own.</summary>
    /// <param name="query">The query of its address.</param>
    /// <param name="options">The window; null for a wide one.</param>
    public async Task<LabTab> Open(string query, BrowserNewContextOptions? options = null)
    {
        Chromium.Skip();
        return await LabTab.Open(await _browser.Value, await _site.Value + query, Patience, options);
    }

    /// <summary>Opens another address in the same browser.</summary>
    internal async Task<LabTab> OpenElsewhere(string address)
    {
        Chromium.Skip();
        return await LabTab.Open(await _browser.Value, address, Patience, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated)
            await (await _browser.Value).DisposeAsync();
        _playwright?.Dispose();
        _listener.Close();
        _folder.Dispose();
    }

    private async Task<IBrowser> StartBrowser()
    {
        _playwright = await Playwright.CreateAsync();
        return await Chromium.Start(_playwright);
    }

    private async Task<string> Publish()
    {
        // What was built, since a build would write over what these tests run on; and without compressed copies, which
        // take longest and which this server would not send.
        using var publish = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    "publish",
                    Path.Combine(Repository.Root, "src", "Lab"),
                    "--no-build",
                    "-p:CompressionEnabled=false",
                    "-o",
                    _folder.Path,
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = publish.StandardError.ReadToEndAsync();
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, output + await error);
        return StaticHost.Serve(_listener, _folder.File("wwwroot"), "some/folder");
    }
}
