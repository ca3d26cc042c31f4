namespace FlatBias.Reports.Drawing;

/// <summary>No font on this machine has the Greek letters and mathematical signs that figures and pages need.</summary>
/// <remarks>The message is one line that says what to install.</remarks>
public sealed class FontNotFoundException : InvalidOperationException
{
    /// <summary>Creates the exception with the standard advice.</summary>
    public FontNotFoundException()
        : this("No installed font has the Greek letters and mathematical signs of the report.") { }

    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What was looked for and not found, as a sentence; the advice is added to it.</param>
    public FontNotFoundException(string problem)
        : this(problem, null) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What was looked for and not found, as a sentence; the advice is added to it.</param>
    /// <param name="innerException">The cause, or null.</param>
    public FontNotFoundException(string problem, Exception? innerException)
        : base(
            $"{problem} Install DejaVu Sans (on Debian and Ubuntu the package fonts-dejavu-core), or let {Fonts.Variable} name a .ttf file that has them.",
            innerException
        ) { }
}
