using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>Lyapunov spectra: a toy with exactly known exponents over every combination of map or flow with a hand-written or automatic Jacobian, and the known chaotic systems.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class LyapunovTests
{
    [Property]
    public void Spectrum_ToyWithKnownExponents_IsExactForEveryCombination(Seed seed, Size size, LogUniform duration)
    {
        var random = seed.Random();
        var n = 1 + (size.Value / 2);
        // Gaps of at least 0.4 in the exponent per step: after 120 transient steps the frame is the Schur basis to e^-48.
        double[] exponents = [.. Enumerable.Range(0, n).Select(i => 0.5 - (0.6 * i) + Draw.Uniform(random, 0.1))];
        var centre = Draw.Vector(random, n);
        var t = duration.In(0.5, 2);
        var options = new LyapunovOptions(n, 10, 4, 120);
        var map = new AffineMap(Schur(random, [.. exponents.Select(Math.Exp)], 0.5), centre);
        var flow = new AffineFlow(Schur(random, [.. exponents.Select(x => x / t)], 0.2), centre);
        double[] perTime = [.. exponents.Select(x => x / t)];
        // A step rounds n^2 products of entries of size up to 2 and stretches down to e^-2.5 there of; differences are good to 3e-11 of the scale instead.
        Check(new TangentMap<AffineMap>(map), centre, options, exponents, 1e-12);
        Check(new TangentMap<DifferenceMap<AffineMap>>(new(map)), centre, options, exponents, 1e-8);
        // The tolerance 1e-11 of each of some ten to a hundred integration steps, against stretches down to e^-2.5; twice that per unit time.
        var tight = new IntegrationOptions(1e-11, 1e-13);
        Check(new FlowMap<AffineFlow>(flow, t, tight), centre, options, perTime, 1e-7);
        Check(new FlowMap<DifferenceFlow<AffineFlow>>(new(flow, tight), t, tight), centre, options, perTime, 1e-7);
    }

    [Fact]
    public void Spectrum_LogisticAtFour_IsLogTwo()
    {
        var spectrum = Lyapunov.Spectrum(
            new TangentMap<Logistic>(new Logistic(4)),
            [0.3],
            new LyapunovOptions(1, 20_000, 50)
        );
        // With x = sin^2 the logarithms of |f'| = |4 cos| telescope to n ln 2 + ln|sin 2 a_n / sin 2 a_0|: the error is that bounded term over n, and e^-15 as a sine has probability 1e-7.
        Near.Equal(Math.Log(2), spectrum.Exponents[0], 15e-6, "ln 2");
        Assert.Equal(1_000_000, spectrum.Steps);
        Near.Equal(Math.Log(2), spectrum.History[9][0], 15.0 / 200_000, "after ten blocks");
        Assert.True(spectrum.StandardErrors[0] < 15.0 / 20_000);
    }

    [Fact]
    public void Spectrum_Henon_HasTheKnownExponentsAndTheirSumExactly()
    {
        var spectrum = Lyapunov.Spectrum(
            new TangentMap<Henon>(new Henon(1.4, 0.3)),
            [0.1, 0.1],
            new LyapunovOptions(2, 5_000, 100)
        );
        // |det| = b at every step: only rounding enters the sum, some ten roundings of logarithms up to 40.
        Near.Equal(Math.Log(0.3), spectrum.Exponents.Sum(), 1e-13, "ln b");
        Assert.InRange(spectrum.StandardErrors[0], 1e-5, 1e-3);
        // Published to five decimals (Sprott 2003): 0.41922 and -1.62319, to half of the last one and four standard
        // errors.
        Near.Equal(0.41922, spectrum.Exponents[0], 5e-6 + (4 * spectrum.StandardErrors[0]), "largest");
        Near.Equal(-1.62319, spectrum.Exponents[1], 5e-6 + (4 * spectrum.StandardErrors[1]), "smallest");
        Near.Equal(spectrum.Exponents, spectrum.History[^1], 1e-12, "history ends at the result");
        Assert.True(
            spectrum.History.Select(h => Math.Abs(h[0] - spectrum.Exponents[0])).Take(10).Max()
                > spectrum.History.Select(h => Math.Abs(h[0] - spectrum.Exponents[0])).Skip(80).Max(),
            "the history converges"
        );
    }

    [Fact]
    public void Spectrum_Lorenz_HasTheKnownExponentsAndTheirSumExactly()
    {
        // 0.25 time units a step: the frame is stretched by at most e^(15.5 / 4), and blocks of 25 time units are some twenty turns.
        var map = new FlowMap<Lorenz>(default, 0.25, new IntegrationOptions(1e-8, 1e-9));
        var spectrum = Lyapunov.Spectrum(map, [1, 1, 1], new LyapunovOptions(3, 100, 32, 100));
        Assert.Equal(LyapunovEnd.Completed, spectrum.End);
        // The flow contracts volumes at the constant rate -(sigma + 1 + beta): the integration errs by 1e-8 in each of some forty steps a unit of time, against stretches down to e^-3.6.
        Near.Equal(Lorenz.Divergence, spectrum.Exponents.Sum(), 1e-5, "sum");
        // Published: 0.9056, 0, -14.5723 to the digits given (Sprott 2003).
        Near.Equal(0.9056, spectrum.Exponents[0], 5e-5 + (4 * spectrum.StandardErrors[0]), "first");
        Near.Equal(-14.572, spectrum.Exponents[2], 5e-4 + (4 * spectrum.StandardErrors[2]), "third");
        // Along the flow the stretch is |x'| at the end over |x'| at the start: at most ln(10^3) over 800 time units.
        Near.Equal(0, spectrum.Exponents[1], 0.01, "along the flow");
        Assert.True(spectrum.StandardErrors[0] < 0.02);
    }

    [Property]
    public void Spectrum_StandardErrorOfIndependentStretches_IsThatOfTheMean(Seed seed)
    {
        // Block means are handed back through the history: an independent evaluation of the same formula.
        var random = seed.Random();
        var spectrum = Lyapunov.Spectrum(
            new TangentMap<Henon>(new Henon(1.4, 0.3)),
            [0.1 * random.NextDouble(), 0.1],
            new LyapunovOptions(1, 50, 8, 100)
        );
        double[] means =
        [
            .. spectrum.History.Select((h, b) => ((b + 1) * h[0]) - (b > 0 ? b * spectrum.History[b - 1][0] : 0)),
        ];
        var mean = means.Average();
        Near.Equal(
            Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / 7 / 8),
            spectrum.StandardErrors[0],
            1e-12,
            "standard error"
        );
        Near.Equal(mean, spectrum.Exponents[0], 1e-13, "mean");
    }

    [Fact]
    public void Spectrum_OrbitThatEscapes_EndsAsDivergedWithWhatItHas()
    {
        var spectrum = Lyapunov.Spectrum(
            new TangentMap<Henon>(new Henon(1.4, 0.3)),
            [3, 3],
            new LyapunovOptions(1, 3, 10, 0)
        );
        Assert.Equal(LyapunovEnd.Diverged, spectrum.End);
        Assert.InRange(spectrum.Steps, 3, 12);
        Assert.Equal(spectrum.Steps / 3, spectrum.History.Length);
        Assert.True(spectrum.Exponents[0] > 0);
        var atOnce = Lyapunov.Spectrum(
            new TangentMap<Henon>(new Henon(1.4, 0.3)),
            [3, 3],
            new LyapunovOptions(1, 3, 10, 50)
        );
        Assert.Equal((LyapunovEnd.Diverged, 0L, double.NaN), (atOnce.End, atOnce.Steps, atOnce.Exponents[0]));
    }

    [Property]
    public void Spectrum_JacobianAtTheEndOfTheRange_IsTheLogarithmOfItsFactors(Real exponent, Seed seed)
    {
        // Squares of 1e200 and 1e-200 leave float64; a step of a diagonal matrix rounds a few times, and the logarithm
        // of 200 digits is 460.
        var (large, random) = (Math.Pow(10, 200 * exponent.Value), seed.Random());
        var (a, b) = (large * (1 + random.NextDouble()), 1e-3 * large);
        var map = new TangentMap<AffineMap>(
            new AffineMap(
                new double[,]
                {
                    { a, 0 },
                    { 0, b },
                },
                [0, 0]
            )
        );
        var spectrum = Lyapunov.Spectrum(map, [0, 0], new LyapunovOptions(2, 5, 4, 10));
        Assert.Equal(LyapunovEnd.Completed, spectrum.End);
        Near.Equal([Math.Log(a), Math.Log(b)], spectrum.Exponents, 1e-12, "logarithms");
    }

    [Fact]
    public void Spectrum_SingularJacobian_EndsAsCollapsedFromThatVectorOn()
    {
        var map = new AffineMap(
            new double[,]
            {
                { 0.5, 0 },
                { 1, 0 },
            },
            [0, 0]
        );
        var spectrum = Lyapunov.Spectrum(new TangentMap<AffineMap>(map), [1, 1], new LyapunovOptions(2, 3, 10, 0));
        Assert.Equal(LyapunovEnd.Collapsed, spectrum.End);
        Assert.Equal(double.NegativeInfinity, spectrum.Exponents[1]);
        // The first exponent alone is well defined.
        Near.Equal(
            Math.Log(0.5),
            Lyapunov.Spectrum(new TangentMap<AffineMap>(map), [1, 1], new LyapunovOptions(1, 3)).Exponents[0],
            1e-14,
            "the other"
        );
    }

    [Fact]
    public void Spectrum_LongerRun_AllocatesNoMore()
    {
        var map = new TangentMap<Henon>(new Henon(1.4, 0.3));
        var (shorter, longer) = (new LyapunovOptions(2, 100), new LyapunovOptions(2, 3000));
        long Allocated(LyapunovOptions options)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Lyapunov.Spectrum(map, [0.1, 0.1], options);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(longer); // compiles
        Assert.Equal(Allocated(shorter), Allocated(longer));
    }

    [Fact]
    public void Spectrum_BadArguments_NameThem()
    {
        var map = new TangentMap<Henon>(new Henon(1.4, 0.3));
        Assert.Contains(
            "start has 1 elements; it must have 2",
            Assert.Throws<ArgumentException>(() => Lyapunov.Spectrum(map, [1], new LyapunovOptions(1, 1))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "start[1]",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    Lyapunov.Spectrum(map, [1, double.NaN], new LyapunovOptions(1, 1))
                )
                .Message,
            StringComparison.Ordinal
        );
        foreach (var options in (LyapunovOptions[])[new(0, 1), new(3, 1), new(1, 0), new(1, 1, 1), new(1, 1, 2, -1)])
            Assert.Throws<ArgumentOutOfRangeException>(() => Lyapunov.Spectrum(map, [0, 0], options));
    }

    private static void Check<TMap>(
        in TMap map,
        double[] start,
        LyapunovOptions options,
        double[] expected,
        double tolerance
    )
        where TMap : struct, ITangentMap
    {
        var spectrum = Lyapunov.Spectrum(map, start, options);
        Assert.Equal(LyapunovEnd.Completed, spectrum.End);
        Near.Equal(expected, spectrum.Exponents, tolerance, typeof(TMap).Name);
        // Every block has the same mean.
        Assert.All(spectrum.StandardErrors, error => Assert.InRange(error, 0, tolerance));
    }

    /// <summary>Q (D + N) Q^T with the diagonal D and a random strictly upper N: not normal, and its exponents are ln D (map) or D (flow).</summary>
    private static double[,] Schur(Random random, double[] diagonal, double range)
    {
        var n = diagonal.Length;
        var q = SymmetricMatrices.Orthogonal(random, n);
        var matrix = new double[n, n];
        for (var k = 0; k < n; k++)
        for (var l = k; l < n; l++)
        {
            var entry = k == l ? diagonal[k] : Draw.Uniform(random, range);
            for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                matrix[i, j] += q[i, k] * entry * q[j, l];
        }

        return matrix;
    }
}
