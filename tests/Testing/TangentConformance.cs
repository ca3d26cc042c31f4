using FlatBias.Dynamics.Maps;

namespace FlatBias.Testing;

/// <summary>A system in the list that all must pass.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Dimension">n.</param>
/// <param name="Range">States are drawn from a box of this half-width.</param>
/// <param name="Tolerance">Of one step, relative to the scale of state and image: rounding for a formula, the integration's tolerance for a flow, 1e-9 for tangents by differences (3e-11 times a few).</param>
/// <param name="Apply">Hands the system, freshly made, to a check.</param>
public sealed record TangentCase(
    string Name,
    int Dimension,
    double Range,
    double Tolerance,
    Action<ITangentCheck> Apply
)
{
    public static TangentCase Of<TMap>(string name, Func<TMap> make, double range, double tolerance)
        where TMap : struct, ITangentMap =>
        new(name, make().Dimension, range, tolerance, check => check.Run(make(), make()));

    public override string ToString() => Name;
}

/// <summary>A check that is generic in the system, so that systems stay structs.</summary>
public interface ITangentCheck
{
    /// <summary>Runs on two instances made in the same way.</summary>
    void Run<TMap>(TMap map, TMap twin)
        where TMap : struct, ITangentMap;
}

/// <summary>What every tangent map must do, at a random state with random tangents.</summary>
public sealed class TangentConformance(TangentCase system, Random random) : ITangentCheck
{
    private readonly int _n = system.Dimension;

    public void Run<TMap>(TMap map, TMap twin)
        where TMap : struct, ITangentMap
    {
        if (map.Dimension != _n || !(map.Duration > 0))
            throw new InvalidOperationException($"{system}: dimension {map.Dimension}, duration {map.Duration}");
        var (x, v, w) = (Vector(system.Range), Vector(1), Vector(1));
        var image = Image(map, x, v);
        var scale = Near.Scale([.. x, .. image, .. Stepped(map, x)]);
        // The step with and without tangents: the same formula, or two integrations with steps of their own.
        Near.Equal(
            Stepped(map, x),
            Step(map, x, v).Next,
            10 * system.Tolerance * scale,
            $"{system}: step with tangents"
        );
        var sum = Image(map, x, [.. v.Zip(w, (a, b) => (0.7 * a) - (1.3 * b))]);
        double[] expected = [.. image.Zip(Image(map, x, w), (a, b) => (0.7 * a) - (1.3 * b))];
        Near.Equal(expected, sum, 30 * system.Tolerance * scale, $"{system}: linearity");
        // Differences of eighth order, h = 0.01: h^8 f^(9) / 630 is below 1e-15 times a derivative of up to 1e3 times the scale; noise of the step is amplified by 2 / h.
        for (var i = 0; i < _n; i++)
        {
            var slope = Differences.Derivative(t => Stepped(map, Differences.Along(x, v, t))[i]);
            Near.Equal(
                slope,
                image[i],
                ((1000 * system.Tolerance) + 1e-11) * scale,
                $"{system}: tangent {i} against differences"
            );
        }

        var (first, second) = (Step(map, x, [.. v, .. w]), Step(twin, x, [.. v, .. w]));
        if (!first.Next.SequenceEqual(second.Next) || !first.Images.SequenceEqual(second.Images))
            throw new InvalidOperationException($"{system}: two instances differ");
    }

    private static (double[] Next, double[] Images) Step<TMap>(in TMap map, double[] x, double[] tangents)
        where TMap : struct, ITangentMap
    {
        double[] next = new double[x.Length],
            images = new double[tangents.Length];
        map.StepTangent(x, tangents, next, images);
        return (next, images);
    }

    private static double[] Image<TMap>(in TMap map, double[] x, double[] v)
        where TMap : struct, ITangentMap => Step(map, x, v).Images;

    private static double[] Stepped<TMap>(in TMap map, double[] x)
        where TMap : struct, ITangentMap
    {
        var next = new double[x.Length];
        map.Step(x, next);
        return next;
    }

    private double[] Vector(double range) =>
        [.. Enumerable.Range(0, _n).Select(_ => range * ((2 * random.NextDouble()) - 1))];
}

/// <summary>A step with tangents allocates nothing once warm.</summary>
public sealed class TangentAllocation(TangentCase system) : ITangentCheck
{
    public void Run<TMap>(TMap map, TMap twin)
        where TMap : struct, ITangentMap
    {
        var n = system.Dimension;
        double[] x = new double[n],
            next = new double[n],
            tangents = new double[n * n],
            images = new double[n * n];
        for (var i = 0; i < n; i++)
            (x[i], tangents[(i * n) + i]) = (0.1 * (i + 1), 1);
        Steps(); // as many as measured: what the compiler allocates on this thread comes first
        var before = GC.GetAllocatedBytesForCurrentThread();
        Steps();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated != 0)
            throw new InvalidOperationException($"{system}: {allocated} bytes in 2000 steps");

        void Steps()
        {
            for (var t = 0; t < 2000; t++)
            {
                map.StepTangent(x, tangents, next, images);
                map.Step(x, next);
            }
        }
    }
}
