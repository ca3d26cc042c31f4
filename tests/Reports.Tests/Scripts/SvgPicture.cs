using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>What a picture says and shows.</summary>
internal static partial class SvgPicture
{
    /// <summary>The texts of a picture in their order, without spaces: OxyPlot splits a text at its subscripts.</summary>
    public static string Texts(string svg) => Signs(string.Concat(Elements(svg, "text").Select(e => e.Value)));

    /// <summary>A text of a figure as it appears among them.</summary>
    public static string Plain(string text) => Signs(Marks().Replace(text, ""));

    /// <summary>What a picture shows whatever the last digits of its numbers and the font: its words, tick labels aside, and its lines by colour and dashes.</summary>
    public static IReadOnlyList<string> Outline(string svg)
    {
        var words = Elements(svg, "text").Select(e => e.Value).Where(text => !Tick().IsMatch(text));
        var lines = Elements(svg, "polyline").Select(e => $"{e.Attribute("style")?.Value}").Distinct();
        return [.. words, .. lines];
    }

    /// <summary>The largest difference between the numbers of two pictures; infinite when they differ in anything else.</summary>
    public static double Difference(string one, string other)
    {
        double[] left = Numbers(one),
            right = Numbers(other);
        if (left.Length != right.Length || Number().Replace(one, "#") != Number().Replace(other, "#"))
            return double.PositiveInfinity;
        return left.Zip(right, (a, b) => Math.Abs(a - b)).DefaultIfEmpty(0).Max();
    }

    private static IEnumerable<XElement> Elements(string svg, string name) =>
        XDocument.Parse(svg).Descendants().Where(e => e.Name.LocalName == name);

    private static double[] Numbers(string svg) =>
        [.. Number().Matches(svg).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    private static string Signs(string text) => string.Concat(text.Where(sign => !char.IsWhiteSpace(sign)));

    [GeneratedRegex("[_^]{|}")]
    private static partial Regex Marks();

    [GeneratedRegex(@"^[−\d.,×\s⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+$")]
    private static partial Regex Tick();

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}
