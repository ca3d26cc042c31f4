using FlatBias.Dynamics.Numerics;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Numerics;

/// <summary>The one elimination, by itself and under the scaling of rows.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class DenseLuTests
{
    [Property]
    public void Solve_RandomSystem_LeavesARoundingOfTheRightHandSide(Seed seed, Size size)
    {
        var (random, n) = (seed.Random(), size.Value);
        double[] matrix = Draw.Vector(random, n * n),
            solution = Draw.Vector(random, n),
            right = new double[n];
        // The first pivot is zero, so that rows must be exchanged wherever they can be.
        if (n > 1)
            matrix[0] = 0;
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            right[i] += matrix[(i * n) + j] * solution[j];
        var lu = new DenseLu();
        lu.Prepare(n);
        matrix.CopyTo(lu.Matrix);
        double[] x = [.. right];
        Assert.True(lu.Factor());
        lu.Solve(x);
        // Backward stability: (A + dA) x = b with |dA| <= 2 n^2 2^(n-1) eps max|A| in the worst case of growth, and the rounding of b itself. The residual does not know the condition number, |x| does.
        for (var i = 0; i < n; i++)
        {
            var residual = right[i];
            for (var j = 0; j < n; j++)
                residual -= matrix[(i * n) + j] * x[j];
            Near.Equal(
                0,
                residual,
                2 * n * n * Math.Pow(2, n - 1) * Near.Roundoff * n * Near.Scale(x),
                $"residual {i}"
            );
        }
    }

    [Fact]
    public void Factor_SingularOrNotANumber_SaysSo()
    {
        var lu = new DenseLu();
        lu.Prepare(2);
        new double[] { 1, 2, 2, 4 }.CopyTo(lu.Matrix);
        Assert.False(lu.Factor());
        new[] { double.NaN, 1, 1, 1 }.CopyTo(lu.Matrix);
        Assert.False(lu.Factor());
    }

    [Property]
    public void LinearSystem_RowsInAnyUnits_SolvesAsTheLibraryDoesInOne(Seed seed, Size size)
    {
        // Q + D, Q orthogonal and D diagonal of 2 to 3: singular values from 1 to 4, so conditions of at most 4.
        var (random, n) = (seed.Random(), size.Value + 1);
        var q = Matrix<double>.Build.Dense(n, n, (_, _) => Draw.Uniform(random, 1)).QR().Q;
        var matrix = q + Matrix<double>.Build.Diagonal(n, n, _ => 2.5 + Draw.Uniform(random, 0.5));
        double[] right = Draw.Vector(random, n);
        var system = new LinearSystem(n);
        for (var i = 0; i < n; i++)
        {
            var unit = Math.Pow(10, Draw.Uniform(random, 140));
            for (var j = 0; j < n; j++)
                system[i, j] = unit * matrix[i, j];
            system.Vector[i] = unit * right[i];
        }

        var expected = matrix.Solve(Vector<double>.Build.Dense(right));
        Assert.True(system.Solve());
        // Both err by |dA| <= 2 n^2 2^(n-1) u max|A| in the worst case of growth (as above), times the condition; the
        // entries and the right-hand side have two roundings each from the units and the scaling.
        var error = 4 * 2 * ((2 * n * n * Math.Pow(2, n - 1)) + 4) * Near.Roundoff * n * expected.L2Norm();
        for (var i = 0; i < n; i++)
            Near.Equal(expected[i], system.Vector[i], error, $"x_{i}");
    }

    [Fact]
    public void LinearSystem_PivotThatIsARounding_IsSingular()
    {
        var system = new LinearSystem(2);
        // Row two is three times row one, but for the rounding of 0.3: what is left of it is 1e-17, not 0.
        (system[0, 0], system[0, 1], system[1, 0], system[1, 1]) = (1, 0.1, 3, 0.1 + 0.2);
        Assert.False(system.Solve());
        system.Clear();
        Assert.False(system.Solve());
    }
}
