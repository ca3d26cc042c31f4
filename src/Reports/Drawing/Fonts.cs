using SkiaSharp;

namespace FlatBias.Reports.Drawing;

/// <summary>
/// Finds the fonts of figures and pages. The renderer has no fallback for a glyph that a font lacks, and its build for Linux does
/// without fontconfig, so a family's name alone proves nothing: a face counts only when it holds every sign that FlatBias prints.
/// </summary>
internal static class Fonts
{
    /// <summary>The environment variable that names a font file to use instead of the installed ones.</summary>
    internal const string Variable = "FLATBIAS_FONT";

    /// <summary>The signs that a face must have.</summary>
    internal const string Needed = "αηλθφβγδεζκμνπρστωΔΣΘΛΠ∏≥≤≠≈×·−–→∞²⁴ⱼ₀₁₂₃₄ₖₜᵢᵏᵗᵀ⁺′±√∂∇°";

    private static readonly string[] Families =
    [
        "DejaVu Sans",
        "Noto Sans",
        "Noto Sans Math",
        "Liberation Sans",
        "Arial",
        "Arial Unicode MS",
        "Segoe UI",
        "Segoe UI Symbol",
        "Helvetica Neue",
        "Helvetica",
        "Lucida Grande",
        "FreeSans",
    ];

    // Publication only: a failure is not remembered, so that a long session can go on once a font is installed.
    private static readonly Lazy<FontFaces> Found = new(FindInstalled, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Gets the fonts of this machine, looked for once.</summary>
    /// <exception cref="FontNotFoundException">No usable font is installed.</exception>
    internal static FontFaces Default => Found.Value;

    /// <summary>Finds the first usable candidate.</summary>
    /// <param name="candidates">The candidates, best first; a null is one that is not there.</param>
    /// <returns>The first whose regular face has every sign needed.</returns>
    /// <exception cref="FontNotFoundException">No candidate is usable.</exception>
    internal static FontFaces Find(IEnumerable<FontFaces?> candidates)
    {
        foreach (var faces in candidates)
        {
            if (faces is null || !Covers(faces.Regular))
                continue;
            return Covers(faces.Bold) ? faces : faces with { Bold = faces.Regular };
        }

        throw new FontNotFoundException();
    }

    /// <summary>Finds the font that a file holds.</summary>
    /// <param name="file">The font file.</param>
    /// <returns>Its faces; a bold face is taken from the file beside it that ends in -Bold.</returns>
    /// <exception cref="FontNotFoundException">The file is missing, is no font, or lacks a sign.</exception>
    internal static FontFaces FromVariable(string file)
    {
        if (FromFile(file) is not { } faces)
            throw new FontNotFoundException($"{Variable} names {file}, which is missing or is not a font file.");
        if (!Covers(faces.Regular))
            throw new FontNotFoundException($"{Variable} names {file}, which lacks {Missing(faces.Regular)}.");
        return Find([faces]);
    }

    private static FontFaces FindInstalled()
    {
        var file = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrWhiteSpace(file) ? Find(Installed()) : FromVariable(file);
    }

    private static IEnumerable<FontFaces?> Installed()
    {
        var manager = SKFontManager.Default;
        foreach (var family in Families)
            yield return FromFamily(manager, family);
        foreach (var file in FontFiles("DejaVuSans.ttf").Concat(FontFiles("NotoSans-Regular.ttf")))
            yield return FromFile(file);
        foreach (var family in manager.FontFamilies.Order(StringComparer.Ordinal))
            yield return FromFamily(manager, family);
        foreach (var file in FontFiles("*.ttf"))
            yield return FromFile(file);
    }

    private static FontFaces? FromFamily(SKFontManager manager, string family)
    {
        var regular = manager.MatchFamily(family, SKFontStyle.Normal);
        if (regular is null || regular.FamilyName != family)
            return null;
        return new FontFaces(regular, manager.MatchFamily(family, SKFontStyle.Bold) ?? regular);
    }

    private static FontFaces? FromFile(string file)
    {
        if (!File.Exists(file) || SKTypeface.FromFile(file) is not { } regular)
            return null;
        var stem = Path.GetFileNameWithoutExtension(file).Replace("-Regular", "", StringComparison.OrdinalIgnoreCase);
        var bold = Path.Combine(Path.GetDirectoryName(file) ?? "", $"{stem}-Bold{Path.GetExtension(file)}");
        return new FontFaces(regular, File.Exists(bold) && SKTypeface.FromFile(bold) is { } face ? face : regular);
    }

    private static IEnumerable<string> FontFiles(string pattern)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders =
        [
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            Path.Combine(home, ".local/share/fonts"),
            Path.Combine(home, ".fonts"),
            "/Library/Fonts",
        ];
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return folders
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, options).Order(StringComparer.Ordinal));
    }

    private static bool Covers(SKTypeface face) => Missing(face).Length == 0;

    private static string Missing(SKTypeface face) => string.Concat(Needed.Where(sign => face.GetGlyph(sign) == 0));
}
