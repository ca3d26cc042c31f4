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

    [Property]
    public void Interval_AnyUncertainty_StaysInTheDomainAndHoldsTheMeasurement(Real value, LogUniform uncertainty)
    {
        foreach (
            var domain in new[] { Domain.Any, Domain.NotNegative, Domain.Share, Domain.Correlation, Domain.Points }
        )
        {
            var measured = domain.Nearest(value.Value);
            var claim = Any.Judge(Relation.Equal, 0, measured, 0, "", "", uncertainty.Value) with { Domain = domain };
            Assert.True(
                domain.Low <= claim.Low && claim.Low <= measured && measured <= claim.High && claim.High <= domain.High
            );
        }
    }

    [Theory]
    [InlineData(-0.4, 1.1, "−0.4 (−1 to 0.7)")]
    [InlineData(-0.4, 0.6, "−0.4 ± 0.6")]
    [InlineData(0.9, 0.2, "0.9 (0.7 to 1)")]
    public void MeasuredText_IntervalBeyondACorrelation_IsCutOff(
        double measured,
        double uncertainty,
        string expected
    ) =>
        Assert.Equal(
            expected,
            (
                Any.Judge(Relation.Equal, 0, measured, 0, "", "", uncertainty) with
                {
                    Domain = Domain.Correlation,
                }
            ).MeasuredText
        );

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
