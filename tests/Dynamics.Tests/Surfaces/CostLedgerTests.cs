using FlatBias.Dynamics.Surfaces;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Surfaces;

public class CostLedgerTests
{
    [Fact]
    public void GradientEquivalents_OneOfEach_AddsTheStatedPrices()
    {
        var cost = new CostLedger
        {
            ForwardPasses = 3,
            Gradients = 2,
            HessianVectorProducts = 3,
            BatchWork = 0.25,
        };
        cost.AddTaylorPass(4, differentiated: false); // (2*4 + 1)/3 = 3
        cost.AddTaylorPass(1, differentiated: true); // (2*1 + 1)/3 * 3 = 3
        cost.AddNestedPasses(3); // 3^2
        Near.Equal(
            1 + 2 + 4 + 0.25 + 3 + 3 + 9,
            cost.GradientEquivalents,
            10 * 23 * Near.Roundoff,
            "gradient-equivalents"
        );
    }
}
