using System.Globalization;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// What a user asked for as data, taken apart: NAME, NAME:PLACE, csv:PLACE,label=COLUMN, or NAME:key=value,key=value for sets that are drawn; or a bare folder or file, whose kind its content tells.
/// </summary>
/// <param name="Name">One of <see cref="DataCatalogue.Names"/>.</param>
/// <param name="Place">A folder or file, or null where none was given.</param>
/// <param name="Settings">The settings of a set that is drawn, or of a table.</param>
internal sealed record DataSource(string Name, string? Place, IReadOnlyDictionary<string, string> Settings)
{
    public static DataSource Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new ArgumentException("data is empty; it must be a name, a folder or a file (see flatbias data list).");
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        if (!DataCatalogue.Names.Contains(name)) return Bare(text);
        var rest = colon < 0 ? "" : text[(colon + 1)..];
        return name is DataCatalogue.Mixture or DataCatalogue.Teacher ? Drawn(name, rest) : Placed(name, rest);
    }

    /// <summary>Names of files may hold commas and equals signs, so all is the place but the one setting that a table has.</summary>
    private static DataSource Placed(string name, string rest)
    {
        const string setting = ",label=";
        var settings = new Dictionary<string, string>();
        if (name == DataCatalogue.Csv && rest.IndexOf(setting, StringComparison.Ordinal) is var at and >= 0)
        {
            settings["label"] = rest[(at + setting.Length)..];
            if (settings["label"].Contains(setting, StringComparison.Ordinal)) throw new ArgumentException($"data is '{name}:{rest}'; label comes twice.");
            rest = rest[..at];
        }

        return new DataSource(name, rest.Length == 0 ? null : rest, settings);
    }

    private static DataSource Drawn(string name, string rest)
    {
        var settings = new Dictionary<string, string>();
        foreach (var item in rest.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !settings.TryAdd(item[..equals], item[(equals + 1)..]))
                throw new ArgumentException($"data: {name} is drawn from a seed; '{item}' is not a setting of the form name=value, or it comes twice.");
        }

        return new DataSource(name, null, settings);
    }

    /// <summary>A whole number among the settings.</summary>
    public int Whole(string key, int fallback) => !Settings.TryGetValue(key, out var text)
        ? fallback
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw new ArgumentException($"data: {key} is '{text}'; it must be a whole number.");

    /// <summary>A number among the settings.</summary>
    public double Number(string key, double fallback) => !Settings.TryGetValue(key, out var text)
        ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new ArgumentException($"data: {key} is '{text}'; it must be a number.");

    /// <summary>Refuses settings that a set which is drawn does not have.</summary>
    public DataSource Allow(params string[] settings)
    {
        foreach (var key in Settings.Keys)
            if (!settings.Contains(key)) throw new ArgumentException($"data: {Name} has no setting '{key}'; it has {string.Join(", ", settings)}.");
        return this;
    }

    private static DataSource Bare(string place)
    {
        var none = new Dictionary<string, string>();
        if (File.Exists(place)) return new DataSource(DataCatalogue.Csv, place, none);
        if (!Directory.Exists(place))
            throw new DataFileException(place, $"there is no such folder or file, and no data set of that name; the names are {string.Join(", ", DataCatalogue.Names)}");
        return new DataSource(!IdxFolder.IsIn(place) && Cifar10.IsIn(place) ? DataCatalogue.Cifar : DataCatalogue.Fashion, place, none);
    }
}
