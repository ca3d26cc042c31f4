using System.Globalization;

namespace FlatBias.Lab.Drawing;

/// <summary>What the user does to charts, to whichever view is shown.</summary>
internal static class Events
{
    private static Action<string, double[]>? _hears;

    /// <summary>Makes a view the one that hears.</summary>
    public static void SendTo(Action<string, double[]> view) => _hears = view;

    /// <summary>Passes on what was done.</summary>
    /// <param name="what">The kind and the place, as in drag:map.</param>
    /// <param name="numbers">Separated by commas.</param>
    public static void Tell(string what, string numbers) =>
        _hears?.Invoke(
            what,
            [
                .. numbers
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
            ]
        );
}
