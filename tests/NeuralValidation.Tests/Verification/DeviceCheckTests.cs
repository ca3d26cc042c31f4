using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Verification;

namespace FlatBias.NeuralValidation.Tests.Verification;

/// <summary>The check of a GPU, with the CPU in its place.</summary>
public class DeviceCheckTests
{
    private static readonly DeviceCheckPlan Small = new()
    {
        Device = "cpu",
        Images = 40,
        HiddenWidth = 3,
        Timed =
        [
            new TimedNetwork([20, 8, 10], 50),
            new TimedNetwork([49, 10], 50) { Images = NetworkChoice.Of("resnet").With("channels", "4") },
        ],
        Limit = TimeSpan.FromMinutes(10),
    };

    [Fact]
    public void Run_CpuAgainstItself_FindsNoDifferenceAndTimesEveryOperation()
    {
        using var output = new StringWriter();

        var verdict = DeviceCheck.Run(Small, output, TestContext.Current.CancellationToken);

        Assert.Equal(new DeviceVerdict(0, 0, 0), verdict);
        var lines = output.ToString().Split('\n');
        Assert.DoesNotContain(
            lines,
            line => line.Contains("NO ", StringComparison.Ordinal) || line.Contains("WRONG", StringComparison.Ordinal)
        );
        // Six networks of eight quantities at a point and thirteen trainings, but for two of the transformer; five series of a forecast; five
        // operations each of two.
        foreach (
            var (part, count) in new[]
            {
                ("| tanh, squared error", 21),
                ("| softplus, cross-entropy", 21),
                ("| relu, cross-entropy", 21),
                ("| convolutional", 21),
                ("| residual", 21),
                ("| transformer", 19),
                ("| forecast: ", 5),
                ("| 20-8-10, 50 samples", 5),
                ("| resnet 49-10, 50 samples", 5),
            }
        )
            Assert.Equal(count, lines.Count(line => line.StartsWith(part, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("keeps all of their 24 bits", StringComparison.Ordinal));
        Assert.Contains(
            lines,
            line => line.Contains("ends with the bits of one that was not", StringComparison.Ordinal)
        );
        // Every row of a table has the cells of its head.
        for (var i = 1; i < lines.Length; i++)
            if (lines[i].StartsWith('|') && lines[i - 1].StartsWith('|'))
                Assert.Equal(lines[i - 1].Count(c => c == '|'), lines[i].Count(c => c == '|'));
    }

    [Fact]
    public void Run_NoTime_SaysWhatWasLeftOut()
    {
        using var output = new StringWriter();

        var verdict = DeviceCheck.Run(
            Small with
            {
                Limit = TimeSpan.FromTicks(1),
            },
            output,
            TestContext.Current.CancellationToken
        );

        // Six networks, the forecast, the killed run, and the timed networks.
        Assert.Equal(new DeviceVerdict(0, 0, 10), verdict);
        Assert.Contains("left out", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-7, true)] // a roundoff or two of float32
    [InlineData(1e-5, true)] // 16 times the CPU's own rounding is 1.6e-5
    [InlineData(1e-4, false)] // products in TF32 round at 5e-4
    [InlineData(double.NaN, false)]
    public void Of_SinglePrecision_IsJudgedByTheCpusOwnRounding(double error, bool holds)
    {
        Quantity exact = new("q", [3, 4]),
            rounded = new("q", [3, 4 + 5e-6]),
            device = new("q", [3, 4 + 5e-6 + (5 * error)]);
        Assert.Equal(holds, Agreement.Of(true, rounded, device, rounded, exact).Holds);
    }

    [Theory]
    [InlineData(1e-16, true)]
    [InlineData(1e-7, false)] // float32 in place of float64
    public void Of_DoublePrecision_ScalesTheRoundingByTheRatioOfTheUnits(double error, bool holds)
    {
        Quantity exact = new("q", [3, 4]),
            rounded = new("q", [3, 4 + 5e-6]),
            device = new("q", [3, 4 + (5 * error)]);
        Assert.Equal(holds, Agreement.Of(false, exact, device, rounded, exact).Holds);
    }

    [Fact]
    public void Of_OtherLength_DoesNotHold() =>
        Assert.False(
            Agreement.Of(true, new("q", [1, 2]), new("q", [1, 2, 3]), new("q", [1, 2]), new("q", [1, 2])).Holds
        );
}
