using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>What every theory of the catalogue owes its callers, whatever it says. The limits that theories claim are held to in <see cref="TheoryLimitTests"/>.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 25)]
public class TheoryConformanceTests
{
    private const int Horizon = 8;

    [Property]
    public void Predict_AnyJet_StartsFromTheJet(Seed seed, Size size) =>
        ForEach(
            seed,
            size,
            (theory, jet) =>
            {
                if (Forecast(theory, jet) is not { } forecast)
                    return;
                Assert.Equal(theory.Name, forecast.Theory);
                // Read off the jet by a handful of operations on numbers of order 1; a flow also solves for its start, to 1e-13.
                const double tolerance = 1e-12;
                Near.Equal(
                    jet.Sharpness,
                    forecast.Sharpness[0],
                    tolerance * Near.Scale(jet.Sharpness),
                    $"{theory.Name}: S_0"
                );
                Near.Equal(
                    jet.Loss,
                    forecast.Loss[0],
                    tolerance * Near.Scale(jet.Loss, jet.Sharpness),
                    $"{theory.Name}: L_0"
                );
                if (forecast.Displacement.Length > 0)
                    Near.Equal(0, forecast.Displacement[0], tolerance, $"{theory.Name}: u_0");
                if (forecast.Rotation.Length > 0)
                    Near.Equal(0, forecast.Rotation[0], tolerance, $"{theory.Name}: rotation_0");
                for (var k = 0; k < forecast.Moments.Length; k++)
                    Near.Equal(
                        jet.Moments[k],
                        forecast.Moments[k][0],
                        tolerance * Near.Scale(jet.Moments),
                        $"{theory.Name}: m_{k + 1} at 0"
                    );
            }
        );

    [Property]
    public void Predict_AnyJet_GivesWholeSeriesOfSizes(Seed seed, Size size) =>
        ForEach(
            seed,
            size,
            (theory, jet) =>
            {
                if (Forecast(theory, jet) is not { } forecast)
                    return;
                foreach (
                    var series in (double[][])
                        [forecast.Sharpness, forecast.Loss, forecast.Validity, .. forecast.Moments]
                )
                    Assert.Equal(Horizon + 1, series.Length);
                foreach (var series in (double[][])[forecast.Displacement, forecast.Rotation])
                    Assert.Contains(series.Length, (int[])[0, Horizon + 1]);
                Assert.Contains(forecast.Moments.Length, Enumerable.Range(0, jet.Order + 1));
                Assert.All(forecast.Validity, x => Assert.True(x >= 0, $"{theory.Name}: validity {x} is not a size"));
                Assert.All(
                    forecast.Rotation,
                    x => Assert.True(x is >= 0 and <= 1.5708, $"{theory.Name}: {x} is no angle between lines")
                );
            }
        );

    [Property]
    public void Predict_Twice_SaysTheSameToTheLastBitAndLeavesTheJetAlone(Seed seed, Size size) =>
        ForEach(
            seed,
            size,
            (theory, jet) =>
            {
                double[] moments = [.. jet.Moments],
                    drift = [.. jet.Drift],
                    slope = [.. jet.Krylov!.Slope],
                    floor = [.. jet.Krylov.Hessian.Cast<double>()];
                if (Forecast(theory, jet) is not { } first || Forecast(theory, jet) is not { } second)
                    return;
                foreach (var read in Observables)
                    Assert.Equal(read(first), read(second));
                Assert.Equal(moments, jet.Moments);
                Assert.Equal(drift, jet.Drift);
                Assert.Equal(slope, jet.Krylov.Slope);
                Assert.Equal(floor, jet.Krylov.Hessian.Cast<double>());
            }
        );

    [Property]
    public void Predict_ShorterHorizon_IsTheBeginningOfTheLongerOne(Seed seed, Size size) =>
        ForEach(
            seed,
            size,
            (theory, jet) =>
            {
                if (Forecast(theory, jet) is not { } all)
                    return;
                for (var steps = 0; steps < Horizon; steps += 3)
                {
                    var some = Forecast(theory, jet, steps)!;
                    foreach (var read in Observables)
                        Assert.Equal(read(all).Take(steps + 1), read(some));
                }
            }
        );

    [Property]
    public void Predict_RotatedCoordinates_SaysTheSame(Seed seed, Size size)
    {
        var (surface, theta) = RandomJets.Surface(seed, size);
        var q = SymmetricMatrices.Orthogonal(seed.Random(), theta.Length);
        Jet jet = RandomJets.Measure(surface, theta),
            turned = RandomJets.Measure(surface.Rotated(q), SymmetricMatrices.Times(q, theta));
        // The eigenpairs of the two jets are good to a residual of 1e-10: nearby jets are ten times as far, to either side.
        Jet[] near =
        [
            .. new[] { -1e-9, 1e-9 }.Select(nudge =>
                RandomJets.Measure(surface, [.. theta.Select(x => x * (1 + nudge))])
            ),
        ];
        foreach (var theory in TheoryCatalogue.All)
        {
            if (Forecast(theory, jet) is not { } here)
                continue;
            var there = theory.Predict(turned, RandomJets.StepSize(theory, jet), Horizon);
            Assert.Null(there.Declined);
            // Two jets differ by roundings over the gap, 1e-13, and two integrations, whose steps may fall differently, by their tolerance, 1e-10 times the few dozen steps of the integrator for each of descent. Both are carried on
            // by the expansion 1 + eta S of a step at the most, S below 4. The sign of v is arbitrary: displacement is compared by size.
            // Where a theory is ill-conditioned of itself, such as one whose constraint is met near a fold, it is held to what it makes of those nearby jets.
            Forecast[] around =
            [
                .. near.Select(other => theory.Predict(other, RandomJets.StepSize(theory, jet), Horizon)),
            ];
            if (around.Any(other => other.Declined is not null))
                continue;
            var tolerance = 1e-9 * Math.Pow(1 + (RandomJets.StepSize(theory, jet) * 4), Horizon);
            foreach (
                var (name, read) in ((string, Func<Forecast, double[]>)[])
                    [
                        ("S", f => f.Sharpness),
                        ("L", f => f.Loss),
                        ("rotation", f => f.Rotation),
                        ("|u|", f => [.. f.Displacement.Select(Math.Abs)]),
                        ("validity", f => f.Validity),
                    ]
            )
            {
                double[] expected = read(here),
                    actual = read(there);
                Assert.Equal(expected.Length, actual.Length);
                var (response, scale) = (0.0, tolerance * Near.Scale(expected));
                // Where its own diagnostic says that it has left its domain, a theory may stop or change branch, which roundings decide; it is held to what it says before.
                var domain = Enumerable
                    .Range(0, expected.Length)
                    .TakeWhile(t => here.Validity[t] < 0.5 && there.Validity[t] < 0.5)
                    .Count();
                for (var t = 0; t < domain; t++)
                {
                    // What differs at a step is carried to all later ones. The two jets differ in all of their dozens of entries, the nudge is one direction among these: ten times, above the root of their number.
                    response = Math.Max(response, around.Max(other => Math.Abs(read(other)[t] - expected[t])));
                    Near.Equal(expected[t], actual[t], scale + (10 * response), $"{theory.Name}: {name}[{t}]");
                }
            }
        }
    }

    [Property]
    public void Predict_OtherUnitsOfLengthAndLoss_SaysTheSame(Seed seed, Size size)
    {
        // x -> l x, L -> c L. Powers of two change no significand, so that jets, maps and projections agree to the bit and
        // flows, whose first step asks for a root of a time, to their own tolerance of 1e-10 times the few dozen of their
        // steps for each of descent, carried on by the expansion 1 + eta S at the most, S below 4. Who takes every
        // surface for one landscape takes the units of that landscape.
        var random = seed.Random();
        double length = Math.ScaleB(1, random.Next(-40, 41)),
            loss = Math.ScaleB(1, random.Next(-40, 41)),
            time = length * length / loss;
        var (surface, theta) = RandomJets.Surface(seed, size);
        var jet = RandomJets.Measure(surface, theta);
        var other = RandomJets.Measure(surface.InUnits(length, loss), [.. theta.Select(x => length * x)]);
        foreach (var theory in TheoryCatalogue.All.Where(t => t.Limit != TheoryLimit.OwnLandscape))
        {
            var stepSize = RandomJets.StepSize(theory, jet);
            Forecast here = theory.Predict(jet, stepSize, Horizon),
                there = theory.Predict(other, stepSize * time, Horizon);
            Assert.Equal((theory.Name, here.Declined), (theory.Name, there.Declined));
            var tolerance = 1e-9 * Math.Pow(1 + (stepSize * 4), Horizon);
            foreach (
                var (name, expected, actual) in ((string, double[], IEnumerable<double>)[])
                    [
                        ("S", here.Sharpness, there.Sharpness.Select(x => x * time)),
                        ("L", here.Loss, there.Loss.Select(x => x / loss)),
                        ("u", here.Displacement, there.Displacement.Select(x => x / length)),
                        ("rotation", here.Rotation, there.Rotation),
                        ("validity", here.Validity, there.Validity),
                    ]
            )
            foreach (var (x, y) in expected.Zip(actual))
                Near.Equal(x, y, tolerance * Near.Scale(expected), $"{theory.Name}: {name}");
        }
    }

    [Fact]
    public void Predict_JetThatLacksWhatIsNeeded_DeclinesAndSaysSo()
    {
        var (surface, theta) = RandomJets.Surface(new Seed(1), new Size(4));
        var jet = RandomJets.Measure(surface, theta);
        foreach (var theory in TheoryCatalogue.All)
        {
            Declines(
                theory.Needs.Direction,
                jet with
                {
                    Gap = 1e-9,
                },
                "the leading eigenvalue is degenerate: v_1 is not defined"
            );
            Declines(theory.Needs.Residuals, jet, "the surface has no residuals");
            if (theory.Needs.Residuals)
                continue;
            Declines(theory.Needs.Krylov, jet with { Krylov = null }, "the jet has no Krylov part");
            Declines(
                theory.Needs.Coupling,
                jet with
                {
                    Krylov = jet.Krylov! with { Coupling = null },
                },
                "the jet has no cubic coupling"
            );
            Declines(
                theory.Needs.Order > 2,
                RandomJets.Measure(surface, theta, 2),
                $"the jet has order 2; order {theory.Needs.Order} is needed"
            );

            void Declines(bool needed, Jet poorer, string reason)
            {
                var forecast = theory.Predict(poorer, RandomJets.StepSize(theory, jet), 3);
                if (needed)
                {
                    Assert.Equal(reason, forecast.Declined);
                    Assert.All(Observables, read => Assert.Empty(read(forecast)));
                }
                else
                {
                    Assert.NotEqual(reason, forecast.Declined);
                }
            }
        }
    }

    [Fact]
    public void Predict_JetsInsideItsDomain_ForecastsMostOfThem()
    {
        foreach (var theory in TheoryCatalogue.All.Where(theory => !theory.Needs.Residuals))
        {
            var declined = Enumerable
                .Range(0, 20)
                .Select(i => RandomJets.Surface(new Seed(i), new Size(1 + (i % 8))))
                .Select(x => RandomJets.Measure(x.Surface, x.Theta))
                .Select(jet => theory.Predict(jet, RandomJets.StepSize(theory, jet), 1).Declined)
                .OfType<string>()
                .ToArray();
            Assert.True(
                declined.Length <= 15,
                $"{theory.Name} declines {declined.Length} of 20 jets, the first because {declined.FirstOrDefault()}"
            );
        }
    }

    [Fact]
    public void Predict_BadArguments_NamesThemWhateverTheJet()
    {
        var jet = RandomJets.Measure(Draw.Surface(new Random(1), 3), [0.1, 0.1, 0.1]);
        foreach (var theory in TheoryCatalogue.All)
        {
            foreach (var stepSize in (double[])[0, -1, double.NaN, double.PositiveInfinity])
                Assert.Contains(
                    "stepSize is ",
                    Assert.Throws<ArgumentOutOfRangeException>(() => theory.Predict(jet, stepSize, 3)).Message,
                    StringComparison.Ordinal
                );
            Assert.Contains(
                "steps is -1",
                Assert.Throws<ArgumentOutOfRangeException>(() => theory.Predict(jet, 0.1, -1)).Message,
                StringComparison.Ordinal
            );
            Assert.Throws<ArgumentNullException>(() => theory.Predict(null!, 0.1, 3));
        }
    }

    [Fact]
    public void Catalogue_Names_AreUniqueAndExplained()
    {
        Assert.Equal(TheoryCatalogue.All.Count, TheoryCatalogue.All.Select(theory => theory.Name).Distinct().Count());
        Assert.All(TheoryCatalogue.All, theory => Assert.Contains("eq", theory.Summary, StringComparison.Ordinal));
    }

    private static Func<Forecast, IEnumerable<double>>[] Observables { get; } =
    [
        f => f.Displacement,
        f => f.Sharpness,
        f => f.Loss,
        f => f.Rotation,
        f => f.Validity,
        .. Enumerable
            .Range(0, 6)
            .Select(k => (Func<Forecast, IEnumerable<double>>)(f => k < f.Moments.Length ? f.Moments[k] : [])),
    ];

    /// <summary>The forecast, or null with a reason given.</summary>
    private static Forecast? Forecast(ITheory theory, Jet jet, int steps = Horizon)
    {
        var forecast = theory.Predict(jet, RandomJets.StepSize(theory, jet), steps);
        if (forecast.Declined is null)
            return forecast;
        Assert.NotEmpty(forecast.Declined);
        Assert.Empty(forecast.Sharpness);
        return null;
    }

    private static void ForEach(Seed seed, Size size, Action<ITheory, Jet> check)
    {
        var (surface, theta) = RandomJets.Surface(seed, size);
        var jet = RandomJets.Measure(surface, theta);
        // A surface without residuals; the theories of those are held against descent on landscapes that have them.
        foreach (var theory in TheoryCatalogue.All.Where(theory => !theory.Needs.Residuals))
            check(theory, jet);
    }
}
