using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Zhu's quartic, eq. (6.4): where descent from a sharper start ends.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class ZhuQuarticTests
{
    private static readonly ZhuQuartic Quartic = new();

    [Property]
    public void Minimum_AnywhereOnTheHyperbola_HasTheStatedSharpness(LogUniform x)
    {
        var theta = ZhuQuartic.Minimum(x.In(1e-2, 1e2));
        var sharpness = ZhuQuartic.SharpnessAtMinimum(theta);
        // x y = 1 + a rounding or two; the gradient is 2 |xy - 1| |theta| and the Hessian off by as much relatively.
        Descending.CheckMinimum(
            Quartic,
            theta,
            sharpness,
            8 * Near.Roundoff * Near.Scale(theta),
            64 * Near.Roundoff * sharpness
        );
    }

    [Property]
    public void EdgeImbalance_AnyStep_IsThatOfTheMinimumWithSharpnessTwoOverEta(LogUniform step)
    {
        var stepSize = step.In(1e-4, 0.499);
        var imbalance = Math.Pow(ZhuQuartic.EdgeImbalance(stepSize), 2);
        // x^2 - y^2 = c^2 and x y = 1 fix x^2 = (c^2 + sqrt(c^4 + 4)) / 2; no cancellation anywhere, c^4 + 4 = eta^-2 to a few roundings.
        var theta = ZhuQuartic.Minimum(Math.Sqrt((imbalance + Math.Sqrt((imbalance * imbalance) + 4)) / 2));
        Near.Equal(2, stepSize * ZhuQuartic.SharpnessAtMinimum(theta), 64 * Near.Roundoff, "eta S");
    }

    [Property]
    public void Gradient_AnyPoint_IsThatOfATwoParameterNetwork(Real a, Real b)
    {
        // z = (1 - Theta^2)^2 / 4, z' = Theta (Theta^2 - 1): written out here with the identity (3.2), which one step must obey.
        double[] theta = [3 * a.Value, 3 * b.Value];
        var (product, norm) = (theta[0] * theta[1], (theta[0] * theta[0]) + (theta[1] * theta[1]));
        var q = 0.01 * product * ((product * product) - 1);
        var next = Descending.Step(Quartic, theta, 0.01);
        var size =
            Math.Max(norm, 1)
            * (1 + (0.01 * Math.Abs(product) * ((product * product) + 1)))
            * (1 + (0.01 * Math.Abs(product) * ((product * product) + 1)));
        Near.Equal(
            (product * (1 + (q * q))) - (q * norm),
            next[0] * next[1],
            64 * Near.Roundoff * size,
            "(3.2) Theta+"
        );
    }

    [Theory]
    [InlineData(0.1, 1.05, 1e-4)]
    [InlineData(0.1, 2, 0.1)]
    [InlineData(0.03, 1.2, 1e-2)]
    [InlineData(0.03, 1.5, 0.1)]
    [InlineData(0.01, 1.05, 0.1)]
    [InlineData(0.01, 2, 1e-2)]
    public void Descent_FromASharperStart_EndsAnEighthOfEtaSquaredInsideTheEdge(
        double stepSize,
        double excess,
        double offset
    )
    {
        // Near x y = 1 with S = excess * 2 / eta. eps falls to the order of eta^2 as e^(-eta^2 t), in 10 / eta^2 steps at most; x y - 1 then dies as (1 - eta^2/2)^t, and 80 / eta^2 steps leave e^-35 of it.
        var (squares, product) = (excess / stepSize, 1 + offset);
        var larger = Math.Sqrt((squares + Math.Sqrt((squares * squares) - (4 * product * product))) / 2);
        double[] theta = [larger, product / larger];
        Descending.Run(Quartic, theta, stepSize, (int)(80 / (stepSize * stepSize)));
        var end = Math.Sqrt(Math.Abs((theta[0] - theta[1]) * (theta[0] + theta[1])));
        var ratio = end / ZhuQuartic.EdgeImbalance(stepSize);
        // What is left is the roundings of a step, some 8 u, kept alive for 2 / eta^2 steps.
        Near.Equal(1, Math.Abs(theta[0] * theta[1]), 1e-14 + (16 * Near.Roundoff / (stepSize * stepSize)), "x y");
        // (6.4) names the edge, and the run ends inside it by eta^2 / 8 in c and eta^2 / 4 in eta S / 2. The order neglected is eta^4, relative to the edge of an expansion in eta^2 with coefficients of order 1:
        // 4 eta^4 is at most a sixth of the effect at eta = 0.1. (Seen for every eta: +0.5 eta^4 and +2.0 eta^4.)
        var neglected = 4 * Math.Pow(stepSize, 4);
        Near.Equal(1 - (stepSize * stepSize / 8), ratio, neglected, "c over the edge's");
        Near.Equal(1 - (stepSize * stepSize / 4), stepSize * Quartic.Eigenvalues(theta)[0] / 2, neglected, "eta S / 2");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void EdgeImbalance_NoSuchMinimum_Throws(double stepSize) =>
        Assert.Contains(
            "stepSize",
            Assert.Throws<ArgumentOutOfRangeException>(() => ZhuQuartic.EdgeImbalance(stepSize)).Message,
            StringComparison.Ordinal
        );
}
