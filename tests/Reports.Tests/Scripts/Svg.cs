using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>What a picture says in words.</summary>
internal static partial class Svg
{
    /// <summary>The texts of a picture in their order, signs only: OxyPlot splits a text at its subscripts.</summary>
    public static string Texts(string svg) =>
        Signs(string.Concat(XDocument.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)));

    /// <summary>A text of a figure as it appears among them.</summary>
    public static string Plain(string text) => Signs(Marks().Replace(text, ""));

    private static string Signs(string text) => string.Concat(text.Where(sign => !char.IsWhiteSpace(sign)));

    [GeneratedRegex("[_^]{|}")]
    private static partial Regex Marks();
}
