using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The double well and the bending valley: minima, floors and their sharpness.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class ValleyTests
{
    [Property]
    public void Minimum_OfEitherWell_IsCriticalWithTheStatedSharpness(
        Seed seed,
        LogUniform height,
        LogUniform radius,
        Real skew,
        Size transverse
    )
    {
        var well = new DoubleWell(
            height.In(0.01, 100),
            radius.In(0.01, 100),
            skew.Value,
            RandomLandscapes.Positive(seed.Random(), transverse.Value - 1)
        );
        foreach (var side in new[] { -1, 1 })
        {
            var sharpness = well.Sharpness(side);
            // xi = +-1 exactly, so the gradient is zero to the bit; the curvature takes a dozen operations.
            Descending.CheckMinimum(
                well,
                well.Minimum(side),
                sharpness,
                0,
                64 * Near.Roundoff * Math.Max(sharpness, 3.05)
            );
            Assert.Equal(0, well.Loss(well.Minimum(side)));
        }
    }

    [Property]
    public void DoubleWell_AnySkew_HasOneBarrierBetweenItsWellsAndNoOtherCriticalPoint(Real skew)
    {
        // The sign of the slope along x on a fine grid: down to -1, up, down to 1, up. A grid point may be critical itself; then it counts with the next.
        var well = new DoubleWell(skew: skew.Value);
        var gradient = new double[1];
        List<int> signs = [];
        for (var i = -4000; i <= 4000; i++)
        {
            well.Gradient([i / 1000.0], gradient);
            if (gradient[0] != 0 && (signs.Count == 0 || signs[^1] != Math.Sign(gradient[0])))
                signs.Add(Math.Sign(gradient[0]));
        }

        Assert.Equal([-1, 1, -1, 1], signs);
    }

    [Fact]
    public void DoubleWell_WithDefaults_IsTheStandardOne()
    {
        var well = new DoubleWell();
        Near.Equal(0.25 * 0.75 * 0.75, well.Loss([0.5]), 4 * Near.Roundoff, "1/4 (x^2 - 1)^2 at 1/2");
        Assert.Equal(2, well.Sharpness(1));
        Assert.Equal(-1, well.Eigenvalues([0])[0]);
    }

    [Property]
    public void BendingValley_OnTheFloor_HasTheStatedSharpnessAndSlope(
        LogUniform wall,
        Real bend,
        Real steepening,
        LogUniform fall,
        Real at,
        Real centre
    )
    {
        var (mu, c, x) = (fall.In(1e-2, 10), 0.9 * centre.Value, 0.9 * at.Value);
        var valley = new BendingValley(wall.In(1e-2, 100), 5 * bend.Value, steepening.Value, mu, c);
        var theta = valley.Floor(x);
        var gradient = new double[2];
        valley.Gradient(theta, gradient);
        // n is a rounding of kappa x^2 / 2 <= 2.5; the gradient carries it times lambda (1 + delta x)(1 + |kappa x|) <= 200 * 5.5 at the most.
        var walls = wall.In(1e-2, 100) * 2 * 5.5;
        Near.Equal([mu * (x - c), 0], gradient, 16 * Near.Roundoff * (walls + mu), "gradient on the floor");
        Near.Equal(
            valley.FloorSharpness(x),
            valley.Eigenvalues(theta)[0],
            64 * Near.Roundoff * ((walls * 5.5) + mu),
            "sharpness on the floor"
        );
        Descending.CheckMinimum(
            valley,
            valley.Minimum(),
            valley.FloorSharpness(c),
            16 * Near.Roundoff * (walls + mu),
            64 * Near.Roundoff * ((walls * 5.5) + mu)
        );
    }

    [Fact]
    public void BendingValley_SlidingTowardsSteeperWalls_Sharpens()
    {
        // From the floor at x = -1 to the minimum at x = 2 with delta = 0.5: small steps follow the floor, and the sharpness ends at that of the minimum.
        var valley = new BendingValley(1, 1, 0.5, 0.05, 2);
        var theta = valley.Floor(-1);
        var start = valley.Eigenvalues(theta)[0];
        // The slow eigenvalue at the minimum is D / S = 0.1 / 10 = 0.01: at eta = 0.05 it takes e^(-5e-4 t), so 10^5 steps leave e^-50.
        Descending.Run(valley, theta, 0.05, 100_000);
        Near.Equal(valley.Minimum(), theta, 1e-12, "end");
        Assert.True(valley.Eigenvalues(theta)[0] > 4 * start);
    }

    [Theory]
    [InlineData(0, 1, 0, "height is 0")]
    [InlineData(1, -1, 0, "radius is -1")]
    [InlineData(1, 1, 1.5, "skew is 1.5; it must be a number from -1 to 1")]
    [InlineData(1, 1, double.NaN, "skew is NaN")]
    public void DoubleWell_BadInput_NamesIt(double height, double radius, double skew, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<ArgumentOutOfRangeException>(() => new DoubleWell(height, radius, skew)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Constructors_OtherBadInput_NameIt()
    {
        Assert.Contains(
            "transverse[1] is 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DoubleWell(1, 1, 0, 1, 0)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "fall is 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new BendingValley(1, 1, 0, 0)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1 + steepening * centre is -1",
            Assert.Throws<ArgumentOutOfRangeException>(() => new BendingValley(1, 1, 1, 1, -2)).Message,
            StringComparison.Ordinal
        );
    }
}
