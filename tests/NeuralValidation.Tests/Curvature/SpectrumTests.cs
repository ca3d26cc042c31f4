using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Curvature;

/// <summary>Spectra of networks against the dense ones of the oracle.</summary>
public class SpectrumTests
{
    private const int Pairs = 3;

    [Theory]
    [MemberData(nameof(SmallNetworks.Indices), MemberType = typeof(SmallNetworks))]
    public void Measure_OracleNetwork_HasTheOutliersTheTraceAndTheDistribution(int index)
    {
        const int probes = 30,
            cells = 2000;
        var net = SmallNet.All[index];
        using var surface = SmallNetworks.Surface(net);
        using var theta = surface.Parameters(net.Parameters);
        var spectrum = Spectrum.Measure(surface, theta, Pairs, new SpectrumOptions(probes));
        double[] rising = [.. net.HessianEigenvalues];
        var scale = Near.Scale(rising);
        Assert.True(spectrum.Converged);
        // The residual is at most 1e-6 |H| where it was not asked for more, and bounds the error.
        Near.Equal([.. rising.Reverse().Take(Pairs)], [.. spectrum.Leading], 1e-6 * scale, $"{net} leading");
        Near.Equal(rising[..Pairs], [.. spectrum.Trailing], 1e-6 * scale, $"{net} trailing");
        // Six standard errors, which thirty probes tell to a seventh.
        Near.Equal(
            rising.Sum(),
            spectrum.Trace.Value,
            (7 * spectrum.Trace.StandardError) + (1e-5 * scale),
            $"{net} trace"
        );

        var (low, high, rest) = (rising[Pairs - 1], rising[^Pairs], rising.Length - (2 * Pairs));
        var cell = (high - low) / cells;
        var distance = Enumerable
            .Range(0, cells)
            .Sum(i =>
            {
                var at = low + ((i + 0.5) * cell);
                return cell
                    * Math.Abs(
                        spectrum.Mean(x => x <= at ? 1 : 0).Value - (rising.Count(x => x <= at) / (double)rising.Length)
                    );
            });
        // As of spectra that are made: Jackson's distance of functions of slope 1 from polynomials of twice the depth,
        // or of the
        // dimension where that is less; six standard deviations of the share of a probe below a point; the cells of the
        // sum.
        var (half, depth) = ((high - low) / 2, Math.Min(80, rest));
        var tolerance = (Math.PI * half / (2 * depth)) + (6 * 2 * half / Math.Sqrt(2.0 * rest * probes)) + (2 * cell);
        Assert.True(distance <= tolerance, $"{net}: {distance} is above {tolerance}");
    }

    [Fact]
    public void Measure_SinglePrecision_ConvergesToWhatItCanShow()
    {
        var net = SmallNet.All[0];
        using var surface = SmallNetworks.Surface(net, torch.ScalarType.Float32);
        using var theta = surface.Parameters(net.Parameters);
        var spectrum = Spectrum.Measure(surface, theta, 1);
        Assert.True(spectrum.Converged);
        // Four roots of the roundoff, 1e-3, bound the residual relative to |H|.
        Near.Equal(
            net.HessianEigenvalues.Max(),
            spectrum.Leading[0],
            1e-3 * Near.Scale([.. net.HessianEigenvalues]),
            "S"
        );
    }
}
