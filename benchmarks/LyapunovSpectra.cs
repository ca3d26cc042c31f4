using BenchmarkDotNet.Attributes;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;

namespace FlatBias.Benchmarks;

/// <summary>The whole Lyapunov spectrum of a ring of ten coupled logistic maps, x_i+ = 0.9 f(x_i) + 0.05 (f(x_(i-1)) + f(x_(i+1))), f = 4 x (1 - x): through the library, and by a loop written for this map. Times are per step.</summary>
[MemoryDiagnoser]
public class LyapunovSpectra
{
    private const int Size = 10,
        Steps = 10_000;
    private readonly double[] _start = [.. Enumerable.Range(0, Size).Select(i => 0.1 + (0.07 * i))];

    /// <summary>The loop by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    public double ByHand()
    {
        double[] x = [.. _start],
            next = new double[Size],
            images = new double[Size],
            slopes = new double[Size],
            sums = new double[Size];
        var frame = new double[Size * Size];
        for (var i = 0; i < Size; i++)
            frame[i * (Size + 1)] = 1;
        for (var t = 0; t < Steps; t++)
        {
            for (var i = 0; i < Size; i++)
                (images[i], slopes[i]) = (4 * x[i] * (1 - x[i]), 4 - (8 * x[i]));
            for (var i = 0; i < Size; i++)
                x[i] = (0.9 * images[i]) + (0.05 * (images[(i + Size - 1) % Size] + images[(i + 1) % Size]));
            for (var k = 0; k < Size; k++)
            {
                var v = frame.AsSpan(k * Size, Size);
                for (var i = 0; i < Size; i++)
                    next[i] = slopes[i] * v[i];
                for (var i = 0; i < Size; i++)
                    v[i] = (0.9 * next[i]) + (0.05 * (next[(i + Size - 1) % Size] + next[(i + 1) % Size]));
                for (var l = 0; l < k; l++)
                {
                    var other = frame.AsSpan(l * Size, Size);
                    var overlap = 0.0;
                    for (var i = 0; i < Size; i++)
                        overlap += other[i] * v[i];
                    for (var i = 0; i < Size; i++)
                        v[i] -= overlap * other[i];
                }

                var norm = 0.0;
                for (var i = 0; i < Size; i++)
                    norm += v[i] * v[i];
                norm = Math.Sqrt(norm);
                sums[k] += Math.Log(norm);
                for (var i = 0; i < Size; i++)
                    v[i] /= norm;
            }
        }

        return sums[0];
    }

    /// <summary>The same through the library.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    public double Library() =>
        Lyapunov
            .Spectrum(new TangentMap<Ring>(default), _start, new LyapunovOptions(Size, Steps / 10, 10, 0))
            .Exponents[0];

    private readonly struct Ring : IDifferentiableMap
    {
        public int Dimension => Size;

        public void Step(ReadOnlySpan<double> current, Span<double> next)
        {
            Span<double> images = stackalloc double[Size];
            for (var i = 0; i < Size; i++)
                images[i] = 4 * current[i] * (1 - current[i]);
            Couple(images, next);
        }

        public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
        {
            Span<double> images = stackalloc double[Size];
            for (var i = 0; i < Size; i++)
                images[i] = (4 - (8 * state[i])) * direction[i];
            Couple(images, image);
        }

        private static void Couple(ReadOnlySpan<double> images, Span<double> next)
        {
            for (var i = 0; i < Size; i++)
                next[i] = (0.9 * images[i]) + (0.05 * (images[(i + Size - 1) % Size] + images[(i + 1) % Size]));
        }
    }
}
