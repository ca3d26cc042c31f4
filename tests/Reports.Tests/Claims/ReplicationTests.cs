using FlatBias.Reports.Claims;
using MathNet.Numerics.Distributions;

namespace FlatBias.Reports.Tests.Claims;

/// <summary>How many replicates decide, against tables, and against replicates that are drawn.</summary>
public class ReplicationTests
{
    private static readonly Statement Any = new("any", "Any.", "ours");

    /// <summary>The sample sizes of the one-sample t test at 5 % and power 0.8 (Cohen 1988; as G*Power gives them).</summary>
    [Theory]
    [InlineData(0.2, 199)]
    [InlineData(0.5, 34)]
    [InlineData(0.8, 15)]
    [InlineData(1, 10)]
    public void ToDecide_AMeanAboveABound_IsTheSizeOfTheTTest(double effect, int expected)
    {
        Assert.Equal(expected, Of(QuantityKind.Difference, effect, 1).ToDecide(Relation.AtLeast, 0, 0));
        Assert.Equal(expected, Of(QuantityKind.Difference, -3 * effect, 3).ToDecide(Relation.AtMost, 0, 0));
        // Refuting takes as many as confirming.
        Assert.Equal(expected, Of(QuantityKind.Difference, effect, 1).ToDecide(Relation.AtMost, 0, 0));
        Assert.Equal(expected, Of(QuantityKind.Size, Math.Log(2) + effect, 1).ToDecide(Relation.AtLeast, 2 + 1e-15, 0));
    }

    [Theory]
    [InlineData("difference", 0.4, 1.1, Relation.AtLeast, 0.0, 0.0)]
    [InlineData("size", -0.2, 0.5, Relation.AtMost, 0.9, 0.0)]
    [InlineData("size", -1.0, 0.4, Relation.Equal, 1.0, 0.25)]
    [InlineData("share", 1.0, 0.25, Relation.AtLeast, 0.6, 0.0)]
    [InlineData("correlation", -0.5, 0.6, Relation.AtMost, 0.0, 0.0)]
    public void ToDecide_ReplicatesDrawn_DecideAsOftenAsItSays(
        string name,
        double mean,
        double deviation,
        Relation relation,
        double predicted,
        double tolerance
    )
    {
        // The scale of each kind and back, stated here once more.
        Func<double, double> from = name switch
        {
            "size" => Math.Exp,
            "share" => x => Math.Pow(Math.Sin(x), 2),
            "correlation" => Math.Sin,
            _ => x => x,
        };
        var kind = name switch
        {
            "size" => QuantityKind.Size,
            "share" => QuantityKind.Share,
            "correlation" => QuantityKind.Correlation,
            _ => QuantityKind.Difference,
        };
        var needed = Of(kind, mean, deviation).ToDecide(relation, predicted, tolerance)!.Value;
        // An effect that is predicted stands at the prediction.
        var truth = relation == Relation.Equal ? Math.Log(predicted) : mean;
        // 4,000 draws know a probability to 0.0063; within four of these, and the steps from one number to the next.
        Assert.InRange(Decided(needed), 0.775, 1);
        Assert.InRange(Decided(needed - 1), 0, 0.825);

        double Decided(int count)
        {
            const int samples = 4000;
            var random = new Random(count);
            return Enumerable
                    .Range(0, samples)
                    .Count(_ =>
                        Any.Judge(
                            relation,
                            predicted,
                            kind.Of([
                                .. Enumerable
                                    .Range(0, count)
                                    .Select(_ => from(Normal.Sample(random, truth, deviation))),
                            ]),
                            tolerance,
                            "",
                            ""
                        ).Verdict != Verdict.Inconclusive
                    ) / (double)samples;
        }
    }

    [Fact]
    public void ToDecide_AShareOfAll_IsTheFirstThatJeffreysPutsAboveTheBound()
    {
        var first = Enumerable.Range(1, 500).First(n => Beta.InvCDF(n + 0.5, 0.5, 0.025) >= 0.95);
        Assert.Equal(first, new ShareReplication(16, 16).ToDecide(Relation.AtLeast, 0.95, 0));
        Assert.True(first > 16);
    }

    [Fact]
    public void ToDecide_AnEffectAtTheBound_IsNull()
    {
        Assert.Null(Of(QuantityKind.Difference, 0, 1).ToDecide(Relation.AtLeast, 0, 0));
        Assert.Null(Of(QuantityKind.Difference, double.NaN, double.NaN).ToDecide(Relation.AtLeast, 0, 0));
    }

    [Fact]
    public void Claim_UndecidedByReplicates_SaysHowManyWouldDecide()
    {
        var open = Any.JudgeMean(Relation.AtLeast, 0, [1.0, -0.5, 0.8], x => x, "x");
        Assert.Equal(Verdict.Inconclusive, open.Verdict);
        Assert.Equal(3, open.Replicates);
        Assert.InRange(open.ReplicatesToDecide!.Value, 4, 100);
        var closed = Any.JudgeMean(Relation.AtLeast, 0, [1.0, 0.9, 0.8], x => x, "x");
        Assert.Null(closed.ReplicatesToDecide);
        Assert.Null(Any.Judge(Relation.AtLeast, 0, 1, 0, "", "").Replicates);
    }

    /// <summary>A lost forecast leaves no mean: what was printed was NaN, and that 10,000 replicates would not decide it.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Claim_OfReplicatesWithoutAMean_IsUndecidedByNoNumberOfThem(double lost)
    {
        foreach (var kind in new[] { QuantityKind.Size, QuantityKind.Difference })
        {
            var claim = Any.Judge(Relation.AtLeast, 1, kind.Of([1, lost, 3]), 0, "", "");

            Assert.Equal(Verdict.Inconclusive, claim.Verdict);
            Assert.Null(claim.Replicates);
            Assert.Null(claim.ReplicatesToDecide);
            Assert.Equal("undefined", claim.MeasuredText);
        }
    }

    private static MeanReplication Of(QuantityKind kind, double mean, double deviation) =>
        new(kind, mean, deviation, 3);
}
