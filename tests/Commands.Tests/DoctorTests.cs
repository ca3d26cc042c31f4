namespace FlatBias.Commands.Tests;

[Collection("console")]
public sealed class DoctorTests
{
    [Fact]
    public void Doctor_OnAMachineThatPassesTheTests_FindsWhatIsNeeded()
    {
        var (code, output, _) = CommandLine.Run("doctor");

        Assert.Equal(0, code);
        foreach (var what in new[] { "runtime", "torch", "gpu", "threads", "font", "data" })
            Assert.Contains($" {what}: ", output);
        Assert.DoesNotContain("missing ", output);
    }
}
