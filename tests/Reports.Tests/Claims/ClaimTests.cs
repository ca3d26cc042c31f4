using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Drawing;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Claims;

/// <summary>The rule that turns a measurement into a verdict.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class ClaimTests
{
    private static readonly Statement Any = new("any", "Any statement.", "(0)");

    [Theory]
    [InlineData(Relation.Equal, 1.0, 1.1, 0.2, 0.0, Verdict.Confirmed)]
    [InlineData(Relation.Equal, 1.0, 0.7, 0.2, 0.0, Verdict.Refuted)]
    [InlineData(Relation.Equal, 1.0, 1.3, 0.2, 0.2, Verdict.Inconclusive)]
    [InlineData(Relation.Equal, 0.0, 0.0, 0.0, 0.0, Verdict.Confirmed)]
    [InlineData(Relation.AtMost, 1.0, 0.2, 0.0, 0.5, Verdict.Confirmed)]
    [InlineData(Relation.AtMost, 1.0, 1.2, 0.0, 0.1, Verdict.Refuted)]
    [InlineData(Relation.AtMost, 1.0, 0.9, 0.0, 0.2, Verdict.Inconclusive)]
    [InlineData(Relation.AtLeast, 1.0, 5.0, 0.0, 0.5, Verdict.Confirmed)]
    [InlineData(Relation.AtLeast, 1.0, 0.5, 0.1, 0.1, Verdict.Refuted)]
    [InlineData(Relation.Equal, 1.0, double.NaN, 0.2, 0.0, Verdict.Inconclusive)]
    [InlineData(Relation.AtMost, 1.0, 0.5, 0.2, double.NaN, Verdict.Inconclusive)]
    public void Verdict_HandMadeCases_FollowTheRule(
        Relation relation,
        double predicted,
        double measured,
        double tolerance,
        double uncertainty,
        Verdict expected
    ) => Assert.Equal(expected, Any.Judge(relation, predicted, measured, tolerance, "", "", uncertainty).Verdict);

    [Theory]
    [InlineData(-0.1, 0.0, "tolerance")]
    [InlineData(0.0, -0.1, "uncertainty")]
    public void Judge_NegativeWidth_Throws(double tolerance, double uncertainty, string name) =>
        Assert.Equal(
            name,
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    Any.Judge(Relation.Equal, 1, 1, tolerance, "", "", uncertainty)
                )
                .ParamName
        );

    [Property]
    public void Verdict_MoreUncertainty_NeverTurnsOneDecisionIntoTheOther(
        Real predicted,
        Real measured,
        LogUniform tolerance,
        LogUniform uncertainty
    )
    {
        foreach (var relation in Enum.GetValues<Relation>())
        {
            var sure = Any.Judge(relation, predicted.Value, measured.Value, tolerance.Value, "", "").Verdict;
            var unsure = Any.Judge(
                relation,
                predicted.Value,
                measured.Value,
                tolerance.Value,
                "",
                "",
                uncertainty.Value
            ).Verdict;
            Assert.True(unsure == sure || unsure == Verdict.Inconclusive);
        }
    }

    /// <summary>Ends of any place: what the rule says at every value of the interval.</summary>
    [Property]
    public void Verdict_AnyInterval_IsWhatEveryValueInItSays(
        Real predicted,
        Real measured,
        LogUniform below,
        LogUniform above,
        LogUniform tolerance
    )
    {
        var interval = new Interval(measured.Value, measured.Value - below.Value, measured.Value + above.Value);
        double[] inside =
        [
            interval.Low,
            interval.Value,
            interval.High,
            Math.Clamp(predicted.Value, interval.Low, interval.High),
        ];
        foreach (var relation in Enum.GetValues<Relation>())
        {
            var each = inside
                .Select(x => Any.Judge(relation, predicted.Value, x, tolerance.Value, "", "").Verdict)
                .Distinct()
                .ToArray();
            Assert.Equal(
                each.Length == 1 ? each[0] : Verdict.Inconclusive,
                Any.Judge(relation, predicted.Value, interval, tolerance.Value, "", "").Verdict
            );
        }
    }

    [Theory]
    [InlineData(-0.4, -1, 0.7, "−0.40 (−1.00 to 0.70)")]
    [InlineData(-0.4, -1, 0.2, "−0.40 ± 0.60")]
    [InlineData(0.0660612, 0.0340, 0.0981, "0.066 ± 0.032")]
    [InlineData(0.066, 0.042, 0.10, "0.066 (0.042 to 0.100)")]
    [InlineData(0.9, 0.7, 1, "0.90 (0.70 to 1.00)")]
    [InlineData(1, 0.8578, 1, "1.00 (0.86 to 1.00)")]
    [InlineData(14533.3, 12233.3, 16833.3, "14500 ± 2300")]
    [InlineData(5.97812, 1.00712, 10.94912, "6.0 ± 5.0")]
    [InlineData(20, 20, 20, "20")]
    [InlineData(0, -1e-9, 1e-9, "0 ± 1e−9")]
    [InlineData(2, double.NaN, double.NaN, "2 (NaN to NaN)")]
    // An end that would round to 0 has digits of its own.
    [InlineData(7, 0.0121, 4018.2, "7.0 (0.012 to 4018.2)")]
    [InlineData(0.17, 0.00264, 10.94, "0.17 (0.0026 to 10.94)")]
    [InlineData(0.23, -0.00273, 0.58, "0.23 (−0.0027 to 0.58)")]
    public void Text_AnyInterval_HasTwoDigitsOfItsShorterArm(double value, double low, double high, string expected) =>
        Assert.Equal(expected, Claim.Text(new Interval(value, low, high)));

    [Theory]
    [InlineData(9999.4, "9999")]
    [InlineData(9999.6, "10000")]
    [InlineData(-65573, "−65570")]
    [InlineData(99_994, "99990")]
    [InlineData(99_996, "1e5")]
    [InlineData(9.9996e-5, "1e−4")]
    [InlineData(-9.994e7, "−9.99e7")]
    public void Format_Number_HasFourDigitsOrAPowerOfTen(double value, string expected) =>
        Assert.Equal(expected, Claim.Format(value));

    [Fact]
    public void NotRun_AnyReason_IsNotRunAndSaysWhy()
    {
        var claim = Any.NotRun("no run");
        Assert.Equal((Verdict.NotRun, "no run"), (claim.Verdict, claim.MeasuredText));
    }

    [Fact]
    public void Catalogue_AllStatements_HaveUniqueNamesAndPrintableText()
    {
        var statements = ChapterCatalogue.All.SelectMany(c => c.Statements).ToArray();
        Assert.Equal(statements.Length, statements.Select(s => s.Id).Distinct().Count());
        // A font counts as usable when it has the signs in Fonts.Needed: whatever a chapter prints beyond Latin must be among them.
        var texts = string.Concat(
            statements.Select(s => s.Text).Concat(ChapterCatalogue.All.SelectMany(c => c.Introduction))
        );
        Assert.Equal(
            "",
            string.Concat(texts.Where(c => c > 'ÿ' && !Fonts.Needed.Contains(c) && !"’“”…".Contains(c)).Distinct())
        );
    }
}
