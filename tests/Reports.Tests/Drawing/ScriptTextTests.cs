using FlatBias.Reports.Drawing;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Drawing;

/// <summary>Which pieces of a text are set below and above its line: _ and ^ stand before them here.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class ScriptTextTests
{
    [Theory]
    [InlineData("a_{12} b^{n+1}", "a|_12| b|^n+1")]
    [InlineData("10^{−8}", "10|^−8")]
    [InlineData("|λ_neg|", "|λ|_neg||")]
    [InlineData("γ_β at step 0", "γ|_β| at step 0")]
    [InlineData("ηS_eff / edge", "ηS|_eff| / edge")]
    [InlineData("2/S_min = 1", "2/S|_min| = 1")]
    [InlineData("E[z′_B²]", "E[z′|_B|²]")]
    [InlineData("e_S.", "e|_S|.")]
    [InlineData("b_1, b_2", "b|_1|, b|_2")]
    // Names of columns, of files and of nothing in particular.
    [InlineData("similarity_1", "similarity_1")]
    [InlineData("step_size and lambda_2", "step_size and lambda_2")]
    [InlineData("a_rather_long_name", "a_rather_long_name")]
    [InlineData("s_01.csv", "s_01.csv")]
    [InlineData("x_longer", "x_longer")]
    [InlineData("_", "_")]
    [InlineData("x_{", "x_{")]
    [InlineData("", "")]
    public void Of_Text_FindsIndicesAndLeavesNames(string text, string pieces) =>
        Assert.Equal(pieces, string.Join('|', ScriptText.Of(text).Select(Shown)));

    [Property]
    public void Hidden_AnyText_HasTheSamePiecesAndHidesThemFromOxyPlot(Seed seed, Size size)
    {
        const string signs = "aSλβ_^{} 1.′|";
        var random = seed.Random();
        var text = string.Concat(Enumerable.Range(0, 3 * size.Value).Select(_ => signs[random.Next(signs.Length)]));

        var hidden = ScriptText.Hidden(text);

        Same(text);
        Assert.Equal(string.Concat(ScriptText.Of(text).Select(piece => piece.Text)), ScriptText.Plain(hidden));
        Assert.Equal(hidden, ScriptText.Hidden(hidden));
    }

    // An index before one in braces, and a brace before it that closes nothing.
    [Theory]
    [InlineData("a_S_{x}")]
    [InlineData("β^^.{}_{.1_{′a.||βS1.}}a")]
    public void Hidden_TextWhoseMarksMeet_HasTheSamePieces(string text) => Same(text);

    private static void Same(string text) =>
        Assert.Equal(
            string.Join('|', ScriptText.Of(text).Select(Shown)),
            string.Join('|', ScriptText.Of(ScriptText.Hidden(text)).Select(Shown))
        );

    private static string Shown((string Text, Script Script) piece) =>
        piece.Script switch
        {
            Script.Sub => $"_{piece.Text}",
            Script.Super => $"^{piece.Text}",
            _ => piece.Text,
        };
}
