using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The general quartic: symmetries of descent on it, its minima, its separable form.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class QuarticTests
{
    private const int Steps = 40;

    [Property]
    public void Descent_InAnotherOrthonormalBasis_IsTheSameDescent(Seed seed, Size size, LogUniform step)
    {
        var random = seed.Random();
        var form = Form.Draw(random, size.Value);
        var basis = RandomBasis.Orthogonal(size.Value, random);
        Follow(
            form,
            form.Mapped(basis, x => (basis * Vector<double>.Build.DenseOfArray(x)).ToArray()),
            x => (basis * Vector<double>.Build.DenseOfArray(x)).ToArray(),
            step.In(1e-3, 0.3),
            1,
            random
        );
    }

    [Property]
    public void Descent_ScaledInParametersAndLoss_IsTheScaledDescent(
        Seed seed,
        Size size,
        LogUniform step,
        LogUniform parameters,
        LogUniform loss
    )
    {
        // L'(theta) = b L(theta / a): A' = b A / a^2, c' = b c / a^3, t' = b t / a^4, and eta' = eta a^2 / b.
        var random = seed.Random();
        var form = Form.Draw(random, size.Value);
        var (a, b) = (parameters.In(0.1, 10), loss.In(0.1, 10));
        var scaled = new Form(
            form.Matrix * (b / (a * a)),
            Scaled(form.Cubic, b / (a * a * a)),
            Scaled(form.Quartic, b / (a * a * a * a))
        );
        Follow(form, scaled, x => [.. x.Select(t => a * t)], step.In(1e-3, 0.3), a * a / b, random, a);

        static RankOneTerm[] Scaled(RankOneTerm[] terms, double factor) =>
            [.. terms.Select(t => t with { Weight = factor * t.Weight })];
    }

    [Property]
    public void Descent_SeparableWithCoordinatesPermuted_IsThePermutedDescentToTheBit(
        Seed seed,
        Size size,
        LogUniform step
    )
    {
        var random = seed.Random();
        var (n, stepSize) = (size.Value, step.In(1e-3, 0.3));
        double[] a = RandomLandscapes.Vector(random, n, 2),
            c = RandomLandscapes.Vector(random, n, 2),
            t = RandomLandscapes.Positive(random, n),
            theta = RandomLandscapes.Vector(random, n, 1);
        int[] order = [.. Enumerable.Range(0, n)];
        random.Shuffle(order);
        var (one, other) = (Quartic.Separable(a, c, t), Quartic.Separable(Permuted(a), Permuted(c), Permuted(t)));
        var permuted = Permuted(theta);
        Descending.Run(one, theta, stepSize, Steps);
        Descending.Run(other, permuted, stepSize, Steps);
        Assert.Equal(Permuted(theta), permuted);

        double[] Permuted(double[] x) => [.. order.Select(i => x[i])];
    }

    [Property]
    public void Separable_AnyCoefficients_IsTheGeneralFormOfTheSameTensors(Seed seed, Size size)
    {
        // Directions e_i + 1e-200 e_j are not axes and so take the general path, yet change no rounding of (a . x) for |x| <= 1.
        var random = seed.Random();
        var n = size.Value + 1;
        double[] a = RandomLandscapes.Vector(random, n, 2),
            c = RandomLandscapes.Vector(random, n, 2),
            t = RandomLandscapes.Vector(random, n, 2),
            theta = RandomLandscapes.Vector(random, n, 1);
        var general = new Quartic(Matrix<double>.Build.DenseOfDiagonalArray(a).ToArray(), Almost(c), Almost(t));
        var separable = Quartic.Separable(a, c, t);
        double[] expected = new double[n],
            actual = new double[n];
        general.Gradient(theta, expected);
        separable.Gradient(theta, actual);
        // Every component is at most 2 + 1 + 1/3 in size, a dozen operations.
        Near.Equal(expected, actual, 4 * 16 * Near.Roundoff, "gradient");
        Near.Equal(general.Loss(theta), separable.Loss(theta), 2 * n * (n + 16) * Near.Roundoff, "loss");

        RankOneTerm[] Almost(double[] weights) =>
            [
                .. weights.Select(
                    (w, i) =>
                    {
                        var direction = new double[n];
                        (direction[i], direction[(i + 1) % n]) = (1, 1e-200);
                        return new RankOneTerm(w, direction);
                    }
                ),
            ];
    }

    [Property]
    public void Minima_OfTheSeparableForm_AreCriticalWithTheStatedSharpness(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = size.Value;
        double[] a = RandomLandscapes.Vector(random, n, 2),
            c = RandomLandscapes.Vector(random, n, 4),
            t = RandomLandscapes.Positive(random, n);
        double[] theta = new double[n],
            curvature = new double[n];
        var scale = 1.0;
        for (var i = 0; i < n; i++)
        {
            var minima = Quartic.CoordinateMinima(a[i], c[i], t[i]);
            // t is above 0, so there is a minimum; two at most, since they alternate with maxima among three critical points.
            Assert.InRange(minima.Length, 1, 2);
            (theta[i], curvature[i]) = minima[random.Next(minima.Length)];
            scale = Math.Max(scale, Math.Abs(a[i]) + Math.Abs(c[i] * theta[i]) + (t[i] * theta[i] * theta[i]));
        }

        // The roots are backward stable: the residual of a + c x / 2 + t x^2 / 6 is a few u times the sum of its terms, and so is the difference of the two formulas for the curvature.
        var relative = 32 * Near.Roundoff * scale;
        Descending.CheckMinimum(
            Quartic.Separable(a, c, t),
            theta,
            curvature.Max(),
            relative * Near.Scale(theta),
            n * relative
        );
    }

    [Property]
    public void Random_GivenASpectrum_HasItAtTheOrigin(Seed seed, Size size)
    {
        var random = seed.Random();
        var spectrum = RandomLandscapes.Positive(random, size.Value);
        var quartic = Quartic.Random(spectrum, 3, 3, 1, boundedBelow: false, random);
        Array.Sort(spectrum, (x, y) => y.CompareTo(x));
        // An orthogonal similarity and a dense eigensolver: a few P u |A| each, |A| <= 3.05.
        Near.Equal(
            spectrum,
            quartic.Eigenvalues(new double[size.Value]),
            32 * size.Value * 3.05 * Near.Roundoff,
            "spectrum"
        );
        Descending.CheckMinimum(
            quartic,
            new double[size.Value],
            spectrum[0],
            0,
            32 * size.Value * 3.05 * Near.Roundoff
        );
    }

    [Property]
    public void Random_BoundedBelow_RisesInEveryDirection(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = size.Value;
        var quartic = Quartic.Random(RandomLandscapes.Vector(random, n, 2), 4, n + 2, 1, boundedBelow: true, random);
        var theta = RandomLandscapes.Vector(random, n, 1);
        var norm = Math.Sqrt(theta.Sum(x => x * x));
        // On the basis sum_r (b_r . v)^4 >= |v|^4 / P, so at |theta| = R the quartic part is at least 0.1 R^4 / (24 P), against at most R^2 for A and 4 R^3 / 6 for C: R = 1000 P settles it.
        var radius = 1000.0 * n;
        Assert.True(quartic.Loss([.. theta.Select(x => radius * x / norm)]) > 0);
    }

    [Fact]
    public void Constructor_BadInput_NamesIt()
    {
        Assert.Contains(
            "matrix",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Quartic(new double[0, 0], [], [])).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => new Quartic(new double[2, 3], [], [])).ParamName);
        Assert.Contains(
            "matrix is not symmetric: entry [1, 0] is 3",
            Assert
                .Throws<ArgumentException>(() =>
                    new Quartic(
                        new double[,]
                        {
                            { 1, 2 },
                            { 3, 4 },
                        },
                        [],
                        []
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "matrix[0] is NaN",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new Quartic(
                        new[,]
                        {
                            { double.NaN },
                        },
                        [],
                        []
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "cubic[0].Direction",
            Assert.Throws<ArgumentException>(() => new Quartic(new double[2, 2], [new(1, [1])], [])).ParamName
        );
        Assert.Contains(
            "quartic[1].Weight is ∞",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new Quartic(new double[1, 1], [], [new(1, [1]), new(double.PositiveInfinity, [1])])
                )
                .Message.Replace("Infinity", "∞", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "quarticTerms is 1; it must be a whole number of at least 2",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => Quartic.Random([1, 2], 0, 1, 1, true, new Random(1)))
                .Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Runs both descents and compares map(theta_t) with theta'_t for as long as the bound on their difference says something.</summary>
    private static void Follow(
        Form form,
        Form mappedForm,
        Func<double[], double[]> map,
        double stepSize,
        double stepScale,
        Random random,
        double scale = 1
    )
    {
        var (one, other) = (form.Landscape(), mappedForm.Landscape());
        var theta = RandomLandscapes.Vector(random, one.Dimension, 1);
        var mapped = map(theta);
        var n = one.Dimension;
        // Rounding per step: sums of up to P + 3 terms, on numbers no larger than |theta| + eta times the sum of the gradient's terms, in two coordinate systems and the map between them, each a product with a
        // matrix of norm 1 in the worst case with entries off by u. To first order the error grows by the norm of I - eta H; the factor 2 covers the second.
        var bound = 0.0;
        for (var t = 0; t < Steps; t++)
        {
            var size = Norm(theta) + (stepSize * form.GradientSize(Norm(theta)));
            if (size > 10 || bound > 1e-6)
                return;
            bound =
                (bound * Contraction(one, theta, stepSize)) + (2 * 16 * (n + 4) * Math.Sqrt(n) * Near.Roundoff * size);
            theta = Descending.Step(one, theta, stepSize);
            mapped = Descending.Step(other, mapped, stepSize * stepScale);
            Near.Equal(map(theta), mapped, scale * bound, $"theta after {t + 1} steps");
        }
    }

    private static double Contraction(Landscape landscape, double[] theta, double stepSize) =>
        landscape.Eigenvalues(theta).Max(l => Math.Abs(1 - (stepSize * l)));

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(t => t * t));

    /// <summary>The coefficients of a quartic, so that it can be built again in another basis.</summary>
    private sealed record Form(Matrix<double> Matrix, RankOneTerm[] Cubic, RankOneTerm[] Quartic)
    {
        public static Form Draw(Random random, int n) =>
            new(
                Matrix<double>.Build.DenseOfArray(RandomBasis.Symmetric(RandomLandscapes.Vector(random, n, 2), random)),
                Terms(random, n, -1),
                Terms(random, n, 0.1)
            );

        public Quartic Landscape() => new(Matrix.ToArray(), Cubic, Quartic);

        public Form Mapped(Matrix<double> basis, Func<double[], double[]> map)
        {
            var matrix = basis * Matrix * basis.Transpose();
            return new((matrix + matrix.Transpose()) / 2, Directed(Cubic), Directed(Quartic));

            RankOneTerm[] Directed(RankOneTerm[] terms) =>
                [.. terms.Select(t => t with { Direction = map(t.Direction) })];
        }

        /// <summary>What the terms of the gradient add up to at most at |theta| = r.</summary>
        public double GradientSize(double r) =>
            (Matrix.FrobeniusNorm() * r)
            + Cubic.Sum(t => Math.Abs(t.Weight) * Math.Pow(Norm(t.Direction), 3) * r * r / 2)
            + Quartic.Sum(t => Math.Abs(t.Weight) * Math.Pow(Norm(t.Direction), 4) * r * r * r / 6);

        private static RankOneTerm[] Terms(Random random, int n, double low) =>
            [
                .. Enumerable
                    .Range(0, random.Next(0, n + 2))
                    .Select(_ => new RankOneTerm(
                        low + ((1 - low) * random.NextDouble()),
                        RandomLandscapes.Vector(random, n, 1)
                    )),
            ];
    }
}
