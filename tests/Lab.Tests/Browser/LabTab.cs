using System.Globalization;
using FlatBias.Lab.Addresses;
using Microsoft.Playwright;

namespace FlatBias.Lab.Tests.Browser;

/// <summary>The page in a tab of its own. Whatever the browser complains of while it is open fails the test.</summary>
public sealed class LabTab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private LabTab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.RequestFailed += (_, request) => _complaints.Add($"{request.Url}: {request.Failure}");
        // Nothing may be asked of anyone but the host of the page itself.
        page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
            )
                _complaints.Add($"asked {request.Url}");
        };
    }

    public IPage Page { get; }

    internal static async Task<LabTab> Open(
        IBrowser browser,
        string address,
        int patience,
        BrowserNewContextOptions? options
    )
    {
        var context = await browser.NewContextAsync(
            options
                ?? new()
                {
                    ViewportSize = new() { Width = 1280, Height = 1000 },
                }
        );
        context.SetDefaultTimeout(patience);
        var tab = new LabTab(context, await context.NewPageAsync());
        await tab.Page.GotoAsync(address);
        await tab.Page.WaitForSelectorAsync("footer");
        return tab;
    }

    /// <summary>The number that the page shows of a column at the step under the cursor.</summary>
    public Task<string> Number(string column) => Page.Locator($"#number-{column}").InnerTextAsync();

    /// <summary>Waits until the page shows a text for a column.</summary>
    public Task Shows(string column, double value) =>
        Assertions
            .Expect(Page.Locator($"#number-{column}"))
            .ToHaveTextAsync(value.ToString("G8", CultureInfo.InvariantCulture), new() { Timeout = 60_000 });

    /// <summary>The state that the address says, once it has followed what was done.</summary>
    public async Task<Address> State()
    {
        await Page.WaitForSelectorAsync("html:not([data-address])", new() { State = WaitForSelectorState.Attached });
        // Asked of the page itself: what the driver holds of its address follows later.
        return Address.Parse(await Page.EvaluateAsync<string>("location.search"));
    }

    /// <summary>Moves a slider as a hand does.</summary>
    public Task Slide(string id, int value) =>
        Page.Locator($"#{id}").FillAsync(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes into a field and leaves it.</summary>
    public async Task Write(string id, string text)
    {
        var field = Page.Locator($"[id='{id}']");
        await field.FillAsync(text);
        await field.PressAsync("Tab");
    }

    /// <summary>The middle of a chart's plane.</summary>
    public async Task<(double X, double Y)> PixelOf(string chart, double x, double y)
    {
        var at = await Page.EvaluateAsync<double[]>(
            "([id, x, y]) => { const e = document.getElementById(id), c = echarts.getInstanceByDom(e), b = e.getBoundingClientRect(), "
                + "p = c.convertToPixel({ gridIndex: 0 }, [x, y]); return [b.left + p[0], b.top + p[1]]; }",
            new object[] { chart, x, y }
        );
        return (at[0], at[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }
}
