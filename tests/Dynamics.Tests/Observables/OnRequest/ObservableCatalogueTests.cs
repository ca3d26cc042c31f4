using FlatBias.Dynamics.Observables.OnRequest;

namespace FlatBias.Dynamics.Tests.Observables.OnRequest;

public class ObservableCatalogueTests
{
    private const ObservableNeeds Everything = (ObservableNeeds)31;

    [Fact]
    public void Check_EveryName_PassesWhereTheRunHasAll() =>
        ObservableCatalogue.Check(ObservableCatalogue.All.Names, Everything);

    [Theory]
    [InlineData("batch-sharpness", ObservableNeeds.Minibatches, "which needs minibatches; give batch-size.")]
    [InlineData("noise-interaction", ObservableNeeds.Minibatches, "which needs minibatches; give batch-size.")]
    [InlineData("batch-lambda", ObservableNeeds.Minibatches, "which needs minibatches; give batch-size.")]
    [InlineData("sharpness-dimension", ObservableNeeds.Exponents, "which needs Lyapunov exponents; give lyapunov.")]
    [InlineData("gauss-newton-share", ObservableNeeds.Outputs, "which needs a loss of outputs")]
    [InlineData("divisor-norm", ObservableNeeds.Divisor, "which needs an update rule that divides")]
    [InlineData("test-loss", ObservableNeeds.TestSamples, "which needs test samples")]
    public void Check_ARunWithoutWhatItNeeds_SaysWhat(string name, ObservableNeeds missing, string words)
    {
        var error = Assert.Throws<ArgumentException>(() => ObservableCatalogue.Check([name], Everything & ~missing));
        Assert.StartsWith($"observables has {name}, ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        ObservableCatalogue.Check([name], missing);
    }

    [Theory]
    [InlineData("realised-edge", "realised-edge", "observables has realised-edge twice.")]
    [InlineData("realised-edge", "", "observables is ''; it must be ")]
    [InlineData("realised-edge", " critical-sharpness", "Did you mean critical-sharpness?")]
    [InlineData("realized-edge", "", "Did you mean realised-edge?")]
    [InlineData("Realised-Edge", "", "Did you mean realised-edge?")]
    public void Check_WrongNames_SaysSo(string first, string second, string words) =>
        Assert.Contains(
            words,
            Assert.Throws<ArgumentException>(() => ObservableCatalogue.Check([first, second], Everything)).Message,
            StringComparison.Ordinal
        );
}
