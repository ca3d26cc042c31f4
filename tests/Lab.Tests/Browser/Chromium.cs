using Microsoft.Playwright;

namespace FlatBias.Lab.Tests.Browser;

/// <summary>The browser that the tests drive: Debian's, or the one that a variable names. None is downloaded.</summary>
internal static class Chromium
{
    private const string Variable = "FLATBIAS_CHROMIUM";

    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private static readonly string? Program =
        Environment.GetEnvironmentVariable(Variable) ?? Places.FirstOrDefault(File.Exists);

    /// <summary>Starts it; skips the test where there is none.</summary>
    public static async Task<IBrowser> Start(IPlaywright playwright)
    {
        Skip();
        return await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Program,
                // A sandbox needs a user of its own, which a container has not; the rest is traffic to the outside.
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    /// <summary>Skips the test where there is no browser.</summary>
    public static void Skip() =>
        Assert.SkipWhen(
            Program is null,
            $"There is no Chromium; install Debian's package chromium, or name a program by {Variable}."
        );
}
