using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Stability;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <content>Specifications that are refused.</content>
public partial class TrainingRunTests
{
    [Fact]
    public void Validate_LossAndTargets_AreRefusedWhereTheyDoNotFit()
    {
        var numbers = DataCatalogue.Load("chebyshev", 20, 5).Train;
        var classes = DataCatalogue.Load("two-moons", 20, 5).Train;
        var chebyshev = Small with { Train = numbers.Count };
        chebyshev.Validate(numbers);
        // Two numbers are two outputs, whatever the loss; two classes one of the logistic loss.
        var pair = LabelledSamples.Regression([1], [0, 1], [1], 2);
        var logistic = Small with { Loss = NetworkLoss.Logistic };
        Assert.Equal(
            (2, 1, 2),
            (logistic.Model(pair).OutputCount, logistic.Model(classes).OutputCount, Small.Model(classes).OutputCount)
        );
        (Small with { Train = 20, Loss = NetworkLoss.Logistic, LabelSmoothing = 0.1 }).Validate(classes);
        foreach (
            var (spec, samples, words) in new[]
            {
                (chebyshev with { Loss = NetworkLoss.CrossEntropy }, numbers, "which needs classes; these targets"),
                (chebyshev with { Loss = NetworkLoss.Logistic }, numbers, "or numbers from 0 to 1; these targets"),
                (Small with { LabelSmoothing = 0.1 }, classes, "label-smoothing is 0.1 and loss mse"),
                (Small with { L2 = -1 }, classes, "l2 is -1"),
                (Small with { L2 = double.NaN }, classes, "l2 is NaN"),
                (
                    Small with
                    {
                        Exponents = 1,
                        Optimiser = OptimiserSpec.GradientDescent.With("weight-decay", 0.1),
                    },
                    classes,
                    "leave out --optimiser, --weight-decay"
                ),
            }
        )
            Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(() => spec.Validate(samples)).Message);
    }

    [Fact]
    public void Validate_ExponentsOfAnotherRule_AreRefused()
    {
        Assert.Contains(
            "lyapunov",
            Assert
                .Throws<ArgumentException>(() =>
                    (Small with { Exponents = 1, Optimiser = OptimiserSpec.Of("adam") }).Validate(Data.Train)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "lyapunov",
            Assert
                .Throws<ArgumentException>(() =>
                    (Small with { Exponents = 1, Batch = new BatchPlan(10, 1, false) }).Validate(Data.Train)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "lyapunov",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => (Small with { Exponents = -1 }).Validate(Data.Train))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(13, "reference-step is 13; it must be")]
    [InlineData(-3, "reference-step is -3; it must be")]
    [InlineData(4, "reference-step is 4; it must be a multiple of measure-every, 3.")]
    public void Validate_ReferenceThatIsNotMeasured_SaysSo(int step, string message)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() =>
            (Small with { ReferenceStep = step }).Validate(Data.Train)
        );
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_MorePairsThanParameters_NamesTheRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            (Small with { Eigenpairs = 5000 }).Validate(Data.Train)
        );
        Assert.Contains(
            "eigenpairs is 5000; it must be a whole number from 1 to 4780",
            error.Message,
            StringComparison.Ordinal
        );
    }
}
