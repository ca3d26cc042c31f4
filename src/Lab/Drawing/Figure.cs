using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace FlatBias.Lab.Drawing;

/// <summary>A line or a cloud of points.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Its x values.</param>
/// <param name="Y">Its y values, as many; what is not finite leaves a gap.</param>
/// <param name="Style">line, dash or points.</param>
/// <param name="Colour">Which of the colours, from 0.</param>
internal sealed record Curve(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, string Style, int Colour)
{
    // Neither a run's, nor its edge's, nor the grey of a limit.
    private static readonly int[] OfTheories = [2, 3, 4, 6];

    /// <summary>The colour of a theory's curves.</summary>
    /// <param name="index">Its place among those chosen, from 0.</param>
    public static int TheoryColour(int index) => OfTheories[index % OfTheories.Length];
}

/// <summary>Numbers on a grid as colours, and bands between them.</summary>
/// <param name="Values">Row by row, the lowest row first; NaN where there is none.</param>
/// <param name="Columns">How many a row.</param>
/// <param name="Left">The left edge of the first column; for bands the first point.</param>
/// <param name="Right">The right edge of the last column.</param>
/// <param name="Bottom">The lower edge of the first row.</param>
/// <param name="Top">The upper edge of the last row.</param>
/// <param name="Low">The value of the darkest colour.</param>
/// <param name="High">The value of the lightest colour.</param>
/// <param name="Bands">
/// How many bands the colours fall into, with contours between them; 0 for a colour for each cell.
/// </param>
internal sealed record Raster(
    double[] Values,
    int Columns,
    double Left,
    double Right,
    double Bottom,
    double Top,
    double Low,
    double High,
    int Bands
)
{
    /// <summary>What the colours mean.</summary>
    public string Label { get; init; } = "";

    /// <summary>Names of the values 0, 1, 2, ... where they are kinds; empty where they are numbers.</summary>
    public string[] Kinds { get; init; } = [];
}

/// <summary>What one chart shows; the numbers themselves go beside it.</summary>
internal sealed record FigureSpec(
    string Title,
    string XLabel,
    string YLabel,
    bool LogY,
    string Group,
    string[] Names,
    string[] Styles,
    int[] Colours,
    int[] Counts
)
{
    /// <summary>The raster behind the curves without its values; null for none.</summary>
    public RasterSpec? Raster { get; init; }

    /// <summary>A point that can be dragged; null for none.</summary>
    public double[]? Handle { get; init; }

    /// <summary>The curve whose points are the steps that the cursor runs over, by its place; -1 for none.</summary>
    public int Path { get; init; } = -1;

    /// <summary>Whether a rectangle is dragged out of it to zoom, and a point of it clicked.</summary>
    public bool Zoom { get; init; }

    /// <summary>Left, right, bottom, top; empty to fit the curves.</summary>
    public double[] Range { get; init; } = [];
}

/// <summary>A raster without its values.</summary>
internal sealed record RasterSpec(
    int Columns,
    int Rows,
    double[] Box,
    double Low,
    double High,
    int Bands,
    string Label,
    string[] Kinds
);

/// <summary>A chart: curves, and a raster behind them.</summary>
/// <param name="Title">Said to those who do not see it, and the name of its files.</param>
/// <param name="XLabel">The x axis.</param>
/// <param name="YLabel">The y axis.</param>
/// <param name="Curves">The curves.</param>
internal sealed record Figure(string Title, string XLabel, string YLabel, params IReadOnlyList<Curve> Curves)
{
    public bool LogY { get; init; }

    /// <summary>Charts of one group share a cursor along x, or along the path of a map; empty for none.</summary>
    public string Group { get; init; } = "";

    public Raster? Raster { get; init; }

    public double[]? Handle { get; init; }

    public int Path { get; init; } = -1;

    public bool Zoom { get; init; }

    public double[] Range { get; init; } = [];

    /// <summary>Draws it into an element of the page.</summary>
    public void DrawInto(string element)
    {
        var spec = new FigureSpec(
            Title,
            XLabel,
            YLabel,
            LogY,
            Group,
            [.. Curves.Select(curve => curve.Name)],
            [.. Curves.Select(curve => curve.Style)],
            [.. Curves.Select(curve => curve.Colour)],
            [.. Curves.Select(curve => curve.X.Count)]
        )
        {
            Handle = Handle,
            Path = Path,
            Zoom = Zoom,
            Range = Range,
            Raster = Raster is null
                ? null
                : new(
                    Raster.Columns,
                    Raster.Values.Length / Raster.Columns,
                    [Raster.Left, Raster.Right, Raster.Bottom, Raster.Top],
                    Raster.Low,
                    Raster.High,
                    Raster.Bands,
                    Raster.Label,
                    Raster.Kinds
                ),
        };
        List<double> numbers = new((Raster?.Values.Length ?? 0) + (2 * Curves.Sum(curve => curve.X.Count)));
        if (Raster is not null)
            numbers.AddRange(Raster.Values);
        foreach (var curve in Curves)
        {
            numbers.AddRange(curve.X);
            numbers.AddRange(curve.Y);
        }

        var text = System.Text.Json.JsonSerializer.Serialize(spec, FigureJson.Default.FigureSpec);
        Page.Draw(element, text, CollectionsMarshal.AsSpan(numbers));
    }
}

/// <summary>JSON without reflection, which trimming would break.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
)]
[JsonSerializable(typeof(FigureSpec))]
internal sealed partial class FigureJson : JsonSerializerContext;
