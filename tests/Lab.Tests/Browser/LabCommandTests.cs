using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FlatBias.Lab.Tests.Browser;

/// <summary>flatbias lab as a process of its own, with the page that the build makes.</summary>
public class LabCommandTests(PublishedLab lab)
{
    [Fact]
    public async Task Lab_Served_ShowsThePageUntilItIsInterrupted()
    {
        var port = StaticHost.FreePort();
        using var process = Start("lab", "--port", port.ToString(CultureInfo.InvariantCulture));
        try
        {
            var line = await process.StandardOutput.ReadLineAsync();
            Assert.Equal($"The laboratory is at http://127.0.0.1:{port}/ (Ctrl-C ends it).", line);

            await using var tab = await lab.OpenElsewhere($"http://127.0.0.1:{port}/?at=3");
            await tab.Shows("step", 3);
        }
        finally
        {
            // As Ctrl-C, which a process that was started in the background ignores.
            Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Lab_Asked_AnswersWithItsFilesAndNothingElse()
    {
        var port = StaticHost.FreePort();
        using var process = Start("lab", "--port", port.ToString(CultureInfo.InvariantCulture));
        try
        {
            await process.StandardOutput.ReadLineAsync();
            using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/") };

            var page = await client.GetAsync("");
            Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
            Assert.Contains("FlatBias laboratory", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var script = await client.GetAsync("lab.js?x=1");
            Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
            foreach (var path in (string[])["nowhere", "..%2f..%2fetc/passwd", "%2e%2e/lab.zip", "_framework/"])
                Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
            Assert.Equal(
                HttpStatusCode.MethodNotAllowed,
                (await client.PostAsync("", new StringContent(""))).StatusCode
            );

            // A name that points here from elsewhere is not answered with the page.
            using var foreign = new HttpRequestMessage(HttpMethod.Get, "");
            foreign.Headers.Host = "elsewhere.example";
            Assert.False((await client.SendAsync(foreign)).IsSuccessStatusCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task Lab_PortInUse_SaysSoInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (code, error) = await Fail("lab", "--port", port.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(1, code);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"flatbias: port {port} cannot be had", line, StringComparison.Ordinal);
        Assert.EndsWith("choose another with --port.", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("x")]
    public async Task Lab_NoPort_IsWrongUsage(string port) => Assert.Equal(2, (await Fail("lab", "--port", port)).Code);

    private static async Task<(int Code, string Error)> Fail(params string[] args)
    {
        using var process = Start(args);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    private static Process Start(params string[] args) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "flatbias.dll"), .. args])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
}
