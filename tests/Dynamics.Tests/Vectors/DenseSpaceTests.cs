using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Vectors;

[Properties(Arbitrary = [typeof(Generators)])]
public class DenseSpaceTests
{
    [Property]
    public void Dot_AnyVectors_IsThePlainSum(Seed seed, Size size)
    {
        var (space, x, y) = Instance(seed, size);
        // The two sums associate differently: each errs by at most n u sum |x_i y_i|.
        var size1 = x.Zip(y, (a, b) => Math.Abs(a * b)).Sum();
        Near.Equal(SymmetricMatrices.Dot(x, y), space.Dot(x, y), 2 * x.Length * Near.Roundoff * size1, "dot");
    }

    [Property]
    public void AxpyAndScale_AnyVectors_AreThePlainLoopToTheLastBit(Seed seed, Size size, Real factor)
    {
        var (space, x, y) = Instance(seed, size);
        double[] sum = [.. y],
            product = [.. x];
        space.Axpy(factor.Value, x, sum);
        space.Scale(factor.Value, product);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(y[i] + (factor.Value * x[i]), sum[i]);
            Assert.Equal(factor.Value * x[i], product[i]);
        }
    }

    [Property]
    public void MultiplyAndDivide_AnyVectors_AreThePlainLoopToTheLastBit(Seed seed, Size size)
    {
        var (space, x, y) = Instance(seed, size);
        y[0] = 0;
        double[] product = [.. x],
            quotient = [.. y];
        space.Multiply(product, y, product);
        space.Divide(x, quotient, quotient);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(x[i] * y[i], product[i]);
            Assert.Equal(i == 0 ? 0 : x[i] / y[i], quotient[i]);
        }
    }

    [Property]
    public void RootsOfSquares_AnyVectors_AreThePlainFormulas(
        Seed seed,
        Size size,
        Real decay,
        LogUniform scale,
        LogUniform bound
    )
    {
        var (space, x, y) = Instance(seed, size);
        var b = decay.In(0, 1 - 1e-6);
        double[] root = [.. y.Select(Math.Abs)],
            expected = [.. x.Zip(root, (xi, r) => Math.Sqrt((b * r * r) + ((1 - b) * xi * xi)))];
        space.AccumulateRoots(b, x, root);
        // Eight roundings either way, halved by the root.
        for (var i = 0; i < x.Length; i++)
            Near.Equal(expected[i], root[i], 8 * Near.Roundoff * expected[i], "root");
        root[0] = 0;
        const double none = double.PositiveInfinity;
        foreach (var (low, high) in new[] { (0, none), (bound.Value, none), (0, bound.Value) })
        {
            double[] once = new double[x.Length],
                half = new double[x.Length];
            space.ClampedRoots(root, scale.Value, low, high, 0.5, 1, once);
            space.ClampedRoots(root, scale.Value, low, high, 0.5, -0.5, half);
            for (var i = 0; i < x.Length; i++)
            {
                var plain = Math.Min(high, Math.Max(low, scale.Value * root[i])) + 0.5;
                Assert.Equal(plain, once[i]);
                Near.Equal(1 / Math.Sqrt(plain), half[i], 4 * Near.Roundoff / Math.Sqrt(plain), "inverse root");
            }
        }
    }

    [Property]
    public void CopyAndToArray_AnyVector_AreEqualAndIndependent(Seed seed, Size size)
    {
        var (space, x, _) = Instance(seed, size);
        var copy = space.Create();
        Assert.All(copy, c => Assert.Equal(0, c));
        space.Copy(x, copy);
        var array = space.ToArray(x);
        Assert.Equal(x, copy);
        Assert.Equal(x, array);
        x[0] += 1;
        Assert.NotEqual(x[0], copy[0]);
        Assert.NotEqual(x[0], array[0]);
    }

    [Property]
    public void Normalize_AnyVector_HasLengthOneAndReturnsTheOldNorm(Seed seed, Size size, LogUniform factor)
    {
        var (space, x, _) = Instance(seed, size);
        space.Scale(factor.Value, x);
        var plain = Math.Sqrt(SymmetricMatrices.Dot(x, x));
        // n + 2 roundings in a norm, halved by the root; two more in the scaling.
        var tolerance = (x.Length + 8) * Near.Roundoff;
        Near.Equal(plain, space.Normalize(x), tolerance * plain, "old norm");
        Near.Equal(1, space.Norm(x), tolerance, "new norm");
    }

    [Fact]
    public void Normalize_ZeroVector_IsLeftAlone()
    {
        double[] zero = [0, 0];
        Assert.Equal(0, new DenseSpace(2).Normalize(zero));
        Assert.Equal([0, 0], zero);
    }

    [Property]
    public void ProjectAndAccumulate_SomeRows_AreThePlainLoopsOverThoseRowsOnly(
        Seed seed,
        Size size,
        Size rows,
        Size used
    )
    {
        var (space, x, y) = Instance(seed, size);
        var random = seed.Random();
        var count = 1 + ((used.Value - 1) % rows.Value);
        using var block = space.CreateBlock(rows.Value);
        Assert.Equal(rows.Value, block.Capacity);
        for (var i = 0; i < rows.Value; i++)
            space.Copy(Draw.Vector(random, x.Length), block[i]);
        var coefficients = new double[count];
        block.Project(x, coefficients);
        // As for Dot: components are within 1, so sums of absolute values are at most n.
        for (var i = 0; i < count; i++)
            Near.Equal(
                SymmetricMatrices.Dot(block[i], x),
                coefficients[i],
                2 * x.Length * x.Length * Near.Roundoff,
                $"coefficient {i}"
            );
        double[] expected = [.. y],
            actual = [.. y];
        for (var i = 0; i < count; i++)
        for (var j = 0; j < x.Length; j++)
            expected[j] += coefficients[i] * block[i][j];
        block.Accumulate(coefficients, actual);
        Assert.Equal(expected, actual);
    }

    [Property]
    public void Orthogonalize_AnyFrame_LeavesNothingAlongIt(Seed seed, Size size, Size rows)
    {
        var random = seed.Random();
        var n = size.Value + 1;
        var k = 1 + (rows.Value % size.Value);
        var space = new DenseSpace(n);
        var q = SymmetricMatrices.Orthogonal(random, n);
        using var block = space.CreateBlock(k);
        for (var i = 0; i < k; i++)
        for (var j = 0; j < n; j++)
            block[i][j] = q[i, j];
        var x = Draw.Vector(random, n);
        var before = space.Norm(x);
        block.Orthogonalize(k, x, new double[k]);
        // Each removal commits n u |x| per row; QR leaves Q orthonormal to n u: k rows, both causes.
        for (var i = 0; i < k; i++)
            Near.Equal(0, space.Dot(block[i], x), 2 * n * k * Near.Roundoff * before, $"row {i}");
        var outside = Enumerable.Range(k, n - k).Sum(i => Math.Pow(Enumerable.Range(0, n).Sum(j => q[i, j] * x[j]), 2));
        Near.Equal(
            Math.Sqrt(outside),
            space.Norm(x),
            4 * n * n * Near.Roundoff * before,
            "what is left lies outside the frame"
        );
    }

    [Property]
    public void FillGaussian_SameSeed_GivesTheSameNumbersAndOtherwiseOthers(Seed seed, Size size)
    {
        var space = new DenseSpace(size.Value);
        double[] first = space.Create(),
            again = space.Create(),
            other = space.Create();
        space.FillGaussian(first, seed.Random());
        space.FillGaussian(again, seed.Random());
        space.FillGaussian(other, new Random(seed.Value ^ 1));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void FillGaussian_ManyNumbers_HasTheMomentsOfAStandardNormal()
    {
        const int n = 100_000;
        var x = new double[n];
        new DenseSpace(n).FillGaussian(x, new Random(1));
        // Standard errors: mean 1/sqrt n, square sqrt(2/n), fourth power sqrt(96/n); five of them, seed fixed.
        Near.Equal(0, x.Average(), 5 / Math.Sqrt(n), "mean");
        Near.Equal(1, x.Average(c => c * c), 5 * Math.Sqrt(2.0 / n), "variance");
        Near.Equal(3, x.Average(c => c * c * c * c), 5 * Math.Sqrt(96.0 / n), "fourth moment");
    }

    [Fact]
    public void Constructor_NoDimension_NamesTheRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new DenseSpace(0));
        Assert.Contains(
            "dimension is 0; it must be a whole number of at least 1",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseSpace(1).CreateBlock(0));
    }

    // Lengths from 1 to 64, so that vectorised loops see full and partial registers.
    private static (DenseSpace Space, double[] X, double[] Y) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = random.Next(1, 1 + (8 * size.Value));
        return (new DenseSpace(n), Draw.Unit(random, n), Draw.Vector(random, n));
    }
}
