using System.Runtime.InteropServices.JavaScript;

namespace FlatBias.Lab.Drawing;

/// <summary>What the page asks of JavaScript (wwwroot/lab.js).</summary>
internal static partial class Page
{
    private const string Module = "lab";

    /// <summary>Loads the module; before anything else here.</summary>
    public static Task Load() => JSHost.ImportAsync(Module, "../lab.js");

    [JSImport("draw", Module)]
    public static partial void Draw(string element, string spec, [JSMarshalAs<JSType.MemoryView>] Span<double> numbers);

    [JSImport("setCursor", Module)]
    public static partial void SetCursor(string group, int step);

    [JSImport("address", Module)]
    public static partial string Address();

    /// <summary>Puts a query into the address.</summary>
    /// <param name="query">The query.</param>
    /// <param name="push">Whether the browser's back button returns to what was there.</param>
    [JSImport("setAddress", Module)]
    public static partial void SetAddress(string query, bool push);

    /// <summary>Saves a chart as svg or png.</summary>
    [JSImport("saveChart", Module)]
    public static partial void SaveChart(string element, string format);

    /// <summary>Has a plane computed; its rows are heard of as row:JOB:INDEX.</summary>
    [JSImport("compute", Module)]
    public static partial void Compute(int job, string query);

    /// <summary>Ends what is being computed.</summary>
    /// <param name="job">A number that no plane has.</param>
    [JSImport("stop", Module)]
    public static partial void Stop(int job);

    [JSImport("saveText", Module)]
    public static partial void SaveText(string name, string text);

    [JSImport("copyText", Module)]
    public static partial void CopyText(string text);

    /// <summary>
    /// Tells of everything that the user does to charts: what, where it was done, and numbers separated by commas.
    /// </summary>
    [JSImport("listen", Module)]
    public static partial void Listen(
        [JSMarshalAs<JSType.Function<JSType.String, JSType.String>>] Action<string, string> heard
    );
}
