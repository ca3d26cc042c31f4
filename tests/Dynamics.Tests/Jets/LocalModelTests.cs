using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>The jet as a surface: each derivative against differences of the one below, (4.9), (4.10), (4.11).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class LocalModelTests
{
    // The model is a polynomial of degree K + 1 <= 7 with coefficients of order 1 at points below 1, so the eighth-order differences are exact but for rounding: u |L| / h with |L| < 100 and h = 0.1.
    private const double Step = 0.1,
        Tolerance = 1e-12;

    [Property]
    public void Gradient_AnyJet_IsTheDerivativeOfTheLoss(Seed seed, Size size, FloorTerms terms) =>
        With(
            seed,
            size,
            terms,
            (model, y, d) =>
            {
                var gradient = new double[y.Length];
                model.Gradient(y, gradient);
                Near.Equal(
                    Differences.Derivative(t => model.LossChange(Differences.Along(y, d, t)), Step),
                    SymmetricMatrices.Dot(gradient, d),
                    Tolerance,
                    "g . d"
                );
            }
        );

    [Property]
    public void HessianVector_AnyJet_IsTheDerivativeOfTheGradient(Seed seed, Size size, FloorTerms terms) =>
        With(
            seed,
            size,
            terms,
            (model, y, d) =>
            {
                var product = new double[y.Length];
                model.HessianVector(y, d, product);
                for (var i = 0; i < y.Length; i++)
                {
                    var expected = Differences.Derivative(
                        t =>
                        {
                            var gradient = new double[y.Length];
                            model.Gradient(Differences.Along(y, d, t), gradient);
                            return gradient[i];
                        },
                        Step
                    );
                    Near.Equal(expected, product[i], Tolerance, $"(H d)[{i}]");
                }
            }
        );

    [Property]
    public void Hessian_AnyJet_IsSymmetricAndThatOfTheProducts(Seed seed, Size size, FloorTerms terms) =>
        With(
            seed,
            size,
            terms,
            (model, y, d) =>
            {
                var product = new double[y.Length];
                model.HessianVector(y, d, product);
                var hessian = Dense(model, y);
                for (var i = 0; i < y.Length; i++)
                for (var j = 0; j < i; j++)
                    Assert.Equal(hessian[j, i], hessian[i, j]);
                // A dozen terms of order 1 to 10.
                Near.Equal(SymmetricMatrices.Times(hessian, d), product, 1e3 * Near.Roundoff, "H d");
            }
        );

    [Property]
    public void CurvatureGradient_AnyDirection_IsTheDerivativeOfTheCurvatureAlongIt(
        Seed seed,
        Size size,
        FloorTerms terms
    ) =>
        With(
            seed,
            size,
            terms,
            (model, y, d) =>
            {
                var gradient = new double[y.Length];
                model.CurvatureGradient(y, d, gradient);
                for (var i = 0; i < y.Length; i++)
                {
                    var axis = new double[y.Length];
                    axis[i] = 1;
                    var expected = Differences.Derivative(
                        t =>
                            SymmetricMatrices.Dot(
                                d,
                                SymmetricMatrices.Times(Dense(model, Differences.Along(y, axis, t)), d)
                            ),
                        Step
                    );
                    Near.Equal(expected, gradient[i], 4 * Tolerance, $"D^3 L[d, d, .][{i}]");
                }
            }
        );

    [Property]
    public void CurvatureGradient_LeadingEigenvector_IsTheGradientOfTheSharpness(
        Seed seed,
        Size size,
        FloorTerms terms
    ) =>
        With(
            seed,
            size,
            terms,
            (model, y, d) =>
            {
                // Near the reference point the leading eigenvalue is simple: m_2 = 3 against T <= 2 with terms below 0.5 * 0.1; A[f] adds seven entries of 0.2 * 0.05 a row, below 0.5 with their signs as they may be.
                double[] at = [.. y.Select(x => 0.1 * x)];
                var gradient = new double[y.Length];
                model.CurvatureGradient(at, SymmetricMatrices.Eigen(Dense(model, at)).Vectors[0], gradient);
                var expected = Differences.Derivative(
                    t => SymmetricMatrices.Eigen(Dense(model, Differences.Along(at, d, t))).Values[0],
                    0.005
                );
                // Truncation h^8 f^(9)/630 with f^(9) below 9!/gap^9 in size: 3e-19 * 4e5 / 630; rounding u |H| / h = 1e-13, and the eigenvector's u |H| / gap.
                Near.Equal(expected, SymmetricMatrices.Dot(gradient, d), 1e-11, "grad S . d");
            }
        );

    [Property]
    public void MomentAt_AnyOrder_IsTheDerivativeAlongU(Seed seed, Size size, FloorTerms terms) =>
        With(
            seed,
            size,
            terms,
            (model, y, d) =>
            {
                double[] along = [1, .. new double[y.Length - 1]];
                Near.Equal(
                    Differences.Derivative(t => model.LossChange(Differences.Along(y, along, t)), Step),
                    model.MomentAt(1, y),
                    Tolerance,
                    "m_1"
                );
                for (var k = 2; k <= model.Order; k++)
                    Near.Equal(
                        Differences.Derivative(t => model.MomentAt(k - 1, Differences.Along(y, along, t)), Step),
                        model.MomentAt(k, y),
                        Tolerance,
                        $"m_{k}"
                    );
            }
        );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_ManySteps_AllocatesNothing(bool collocation)
    {
        var jet = RandomJets.Draw(new Random(3), 4, 6, 0.05);
        var model = LocalModel.Whole(collocation ? RandomJets.Collocated(new Random(4), jet, 0.01) : jet);
        var map = new MemoryMap(model, 0.1);
        double[] state = new double[7],
            scratch = new double[7];
        Orbit.Iterate(map, state, scratch, 200_000); // at full length: the JIT compiles the loop anew while it runs, and that allocates
        var before = GC.GetAllocatedBytesForCurrentThread();
        Orbit.Iterate(map, state, scratch, 200_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(state, x => Assert.True(double.IsFinite(x)));
    }

    [Fact]
    public void Constructor_MissingPart_NamesIt()
    {
        var jet = RandomJets.Draw(new Random(1), 3, 2);
        Assert.Contains(
            "no Krylov part",
            Assert.Throws<ArgumentException>(() => new LocalModel(jet with { Krylov = null }, 3)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no cubic coupling",
            Assert
                .Throws<ArgumentException>(() =>
                    new LocalModel(jet with { Krylov = jet.Krylov! with { Coupling = null } }, 3, cubic: true)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "order is 4; it must be a whole number from 2 to 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => new LocalModel(jet, 4)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>What the floor of a model is made of.</summary>
    public enum FloorTerms
    {
        /// <summary>T, (4.9).</summary>
        Stiffness,

        /// <summary>And C, (4.10).</summary>
        Coupling,

        /// <summary>And C_2 and A, (4.11).</summary>
        Collocation,
    }

    private static double[,] Dense(LocalModel model, double[] y)
    {
        var n = y.Length;
        var flat = new double[n * n];
        model.Hessian(y, flat);
        var dense = new double[n, n];
        for (var i = 0; i < flat.Length; i++)
            dense[i / n, i % n] = flat[i];
        return dense;
    }

    private static void With(Seed seed, Size size, FloorTerms terms, Action<LocalModel, double[], double[]> check)
    {
        var random = seed.Random();
        var order = 2 + random.Next(5);
        var jet = RandomJets.Draw(random, order, size.Value - 1);
        if (terms == FloorTerms.Collocation)
            jet = RandomJets.Collocated(random, jet, 0.2);
        var model = new LocalModel(jet, order, terms != FloorTerms.Stiffness);
        check(model, Tests.Draw.Vector(random, size.Value, 0.5), Tests.Draw.Unit(random, size.Value));
    }
}
