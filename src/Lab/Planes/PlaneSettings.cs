using System.Globalization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Lab.Addresses;
using FlatBias.Lab.Landscapes;
using FlatBias.Quadratic.Sweeps;

namespace FlatBias.Lab.Planes;

/// <summary>What the view of planes shows, as it was written.</summary>
public sealed record PlaneSettings
{
    public const string View = "planes",
        Sharpness = "sharpness",
        Outcome = "outcome",
        Exponent = "exponent",
        Orbits = "orbits",
        Basins = "basins";

    private const string LandscapePrefix = "landscape.";

    // As many points as are computed in a minute or so.
    private const int MostColumns = 200,
        MostRows = 160,
        MostSteps = 100_000;

    private const double Narrowest = 1e-12;

    /// <summary>The kinds, with what they show.</summary>
    public static readonly IReadOnlyList<(string Name, string Label)> Kinds =
    [
        (Sharpness, "final sharpness over two parameters"),
        (Outcome, "how runs end over two parameters"),
        (Exponent, "largest Lyapunov exponent over two parameters"),
        (Orbits, "orbit diagram over the step size"),
        (Basins, "basins over two coordinates of the start"),
    ];

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public string Kind { get; init; } = Sharpness;

    public string Landscape { get; init; } = LandscapeSettings.DefaultLandscape;

    public Dictionary<string, string> Parameters { get; init; } = [];

    /// <summary>The start; null for the landscape's own.</summary>
    public string? Start { get; init; }

    public string StepSize { get; init; } = LandscapeSettings.DefaultStepSize;

    /// <summary>The number of steps of a run; in an orbit diagram those not drawn.</summary>
    public string Steps { get; init; } = "500";

    /// <summary>The parameter along x, of <see cref="DescentStudy.ParameterNames"/>; a coordinate for basins.</summary>
    public string X { get; init; } = "step-size";

    /// <summary>Along y; in an orbit diagram the coordinate that is drawn.</summary>
    public string Y { get; init; } = "start-2";

    /// <summary>From and to, separated by a comma.</summary>
    public string XRange { get; init; } = "0.005,0.025";

    /// <summary>See <see cref="XRange"/>; of no meaning in an orbit diagram.</summary>
    public string YRange { get; init; } = "7,12";

    /// <summary>Columns and rows, separated by a comma.</summary>
    public string Size { get; init; } = "60,45";

    public static PlaneSettings From(Address address)
    {
        var start = Beginning(address.Get("kind", Sharpness));
        return start with
        {
            Landscape = address.Get("landscape", start.Landscape),
            Parameters = address.Get("landscape") is null ? start.Parameters : address.Under(LandscapePrefix),
            Start = address.Get("landscape") is null ? address.Get("start", start.Start) : address.Get("start"),
            StepSize = address.Get("step-size", start.StepSize),
            Steps = address.Get("steps", start.Steps),
            X = address.Get("x", start.X),
            Y = address.Get("y", start.Y),
            XRange = address.Get("x-range", start.XRange),
            YRange = address.Get("y-range", start.YRange),
            Size = address.Get("size", start.Size),
        };
    }

    /// <summary>A kind with something to see.</summary>
    public static PlaneSettings Beginning(string kind) =>
        kind switch
        {
            Exponent => Balanced with
            {
                Kind = kind,
                X = "step-size",
                Y = "landscape.target",
                XRange = "0.6,1.5",
                YRange = "0.7,1.6",
                Size = "40,30",
                Steps = "240",
            },
            Orbits => Balanced with { Kind = kind, Y = "start-1", XRange = "0.9,1.55", Size = "240,60", Steps = "300" },
            Basins => new()
            {
                Kind = kind,
                Landscape = "double-well",
                StepSize = "0.7",
                X = "start-1",
                Y = "start-2",
                XRange = "-1.6,1.6",
                YRange = "-1,1",
                Steps = "200",
            },
            _ => new() { Kind = kind },
        };

    public Address ToAddress()
    {
        var address = new Address().Set("view", View).Set("kind", Kind).Set("landscape", Landscape);
        foreach (var (name, value) in Parameters)
            address.Set(LandscapePrefix + name, value);
        if (Start is not null)
            address.Set("start", Start);
        return address
            .Set("step-size", StepSize)
            .Set("steps", Steps)
            .Set("x", X)
            .Set("y", Y)
            .Set("x-range", XRange)
            .Set("y-range", YRange)
            .Set("size", Size);
    }

    /// <summary>The descent that is measured at every point.</summary>
    /// <exception cref="FieldException">A field holds what cannot be used.</exception>
    public DescentStudy Study()
    {
        var study = new DescentStudy
        {
            Landscape = Landscape,
            LandscapeParameters = Parameters,
            Start = Start is null
                ? null
                : FieldException.Guard(_ => "start", () => ParameterValues.ParseList("start", Start)),
            Steps = LandscapeRun.Whole("steps", Steps, 1, MostSteps),
        };
        study = FieldException.Guard(_ => "step-size", () => study.With("step-size", StepSize));
        FieldException.Guard(
            name => name == "start" ? "start" : "landscape",
            () =>
            {
                study.Check();
                return true;
            }
        );
        return study;
    }

    /// <summary>The ends of a range.</summary>
    public static (double Low, double High) Range(string field, string text)
    {
        var ends = FieldException.Guard(_ => field, () => ParameterValues.ParseList(field, text));
        if (ends.Length != 2 || !(ends[0] < ends[1]))
            throw new FieldException(field, $"{field} is '{text}'; it must be two numbers, the smaller first.");
        // Numbers have sixteen digits, and as many points must fit between the ends.
        return ends[1] - ends[0] >= Narrowest * Math.Max(Math.Abs(ends[0]), Math.Abs(ends[1]))
            ? (ends[0], ends[1])
            : throw new FieldException(field, $"{field} is '{text}'; its ends are too close to tell points apart.");
    }

    /// <summary>Columns and rows.</summary>
    public (int Columns, int Rows) Counts()
    {
        var sizes = Size.Split(',');
        if (sizes.Length != 2)
            throw new FieldException("size", $"size is '{Size}'; it must be columns and rows, separated by a comma.");
        return (
            LandscapeRun.Whole("size", sizes[0], 2, Kind == Orbits ? 4 * MostColumns : MostColumns),
            LandscapeRun.Whole("size", sizes[1], 2, MostRows)
        );
    }

    /// <summary>A zoom, with as many digits as tell its ends apart.</summary>
    public static string Written(double low, double high)
    {
        var digits = Math.Clamp(
            (int)Math.Ceiling(Math.Log10(Math.Max(Math.Abs(low), Math.Abs(high)) / (high - low))) + 4,
            4,
            17
        );
        return string.Create(CultureInfo.InvariantCulture, $"{Text(low)},{Text(high)}");

        string Text(double value) => value.ToString($"G{digits}", CultureInfo.InvariantCulture);
    }

    private static PlaneSettings Balanced { get; } =
        new()
        {
            Parameters = new() { ["link"] = "squared-error", ["target"] = "1" },
            Start = "0.7,0.7",
            StepSize = "1",
        };
}
