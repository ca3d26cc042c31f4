using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>Valley jumps and the alignment with the direction of the onset, from their definitions in (1.9).</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class PathAlongLeadingTests
{
    private const int Length = 12;

    [Property]
    public void Measure_AnyPathInterruptedAnywhere_IsAsDefined(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = size.Value;
        var thetas = Drawn(() => Draw.Vector(random, n, 1));
        var leadings = Drawn(() => Draw.Unit(random, n));
        // Below the edge and above it in any order, and at it, where nothing has begun yet.
        double[] stability =
        [
            .. Enumerable.Range(0, Length).Select(_ => random.Next(4) == 0 ? 1 : 2 * random.NextDouble()),
        ];
        var table = new SeriesTable();
        var cut = random.Next(Length);
        var store = new MemoryStore();
        using PathAlongLeading<double[]> whole = new(new DenseSpace(n)),
            resumed = new(new DenseSpace(n));
        for (var t = 0; t < Length; t++)
        {
            if (t == cut)
            {
                whole.Exchange(store);
                store.Reading = true;
                resumed.Exchange(store);
            }

            table.AddRow();
            table.Set(Columns.StabilityNumber, stability[t]);
            (t < cut ? whole : resumed).Measure(thetas[t], t == 0 ? null : thetas[t - 1], leadings[t], table);
        }

        // A difference, a product and a sum for each component, all at most 2, on either side.
        var tolerance = 12 * n * Near.Roundoff;
        var jumps = new double[Length];
        var onset = Array.FindIndex(stability, s => s > 1);
        for (var t = 0; t < Length; t++)
        {
            jumps[t] = t == 0 ? double.NaN : Along(leadings[t], thetas[t], thetas[t - 1]) / 2;
            Equal(jumps[t], table[Columns.Jump][t], tolerance);
            if (t < 2)
                Assert.Equal(double.NaN, table[Columns.ValleyJump][t]);
            // One of the two within rounding of 0 may be counted either way.
            else if (Math.Min(Math.Abs(jumps[t]), Math.Abs(jumps[t - 1])) > tolerance)
                Assert.Equal(Math.Sign(jumps[t]) == Math.Sign(jumps[t - 1]) ? 0 : 1, table[Columns.ValleyJump][t]);
            Equal(
                onset < 0 || t < onset ? double.NaN : Math.Abs(SymmetricMatrices.Dot(leadings[t], leadings[onset])),
                table[Columns.OnsetAlignment][t],
                tolerance
            );
            Assert.False(table[Columns.OnsetAlignment][t] > 1);
        }
    }

    private static double[][] Drawn(Func<double[]> one) => [.. Enumerable.Range(0, Length).Select(_ => one())];

    private static double Along(double[] v, double[] to, double[] from) =>
        SymmetricMatrices.Dot(v, [.. to.Zip(from, (x, y) => x - y)]);

    private static void Equal(double expected, double actual, double tolerance)
    {
        Assert.Equal(double.IsNaN(expected), double.IsNaN(actual));
        if (!double.IsNaN(expected))
            Near.Equal(expected, actual, tolerance);
    }
}
