namespace FlatBias.Dynamics.Catalogues;

/// <summary>A parameter that something can be built from by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Default">The default, as it would be written.</param>
/// <param name="Meaning">What it is and its range.</param>
public sealed record Parameter(string Name, string Default, string Meaning)
{
    /// <summary>How a switch is written where it is on, and where it is off.</summary>
    public const string On = "on",
        Off = "off";

    /// <summary>Whether it is a switch, on unless it is turned off, rather than a number or a text.</summary>
    public bool IsSwitch => Default == On;
}
