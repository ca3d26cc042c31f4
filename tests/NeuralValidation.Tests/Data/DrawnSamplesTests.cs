using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class DrawnSamplesTests
{
    public static TheoryData<string> Drawn =>
        [.. DataCatalogue.All.Where(entry => entry.Parameters.Any(p => p.Name == "seed")).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Drawn))]
    public void Load_SameSeed_GivesTheSameNumbersAndAnotherSeedOthers(string name)
    {
        var (first, again, other) = (
            DataCatalogue.Load(name, 50, 20),
            DataCatalogue.Load(name + ":seed=1", 50, 20),
            DataCatalogue.Load(name + ":seed=2", 50, 20)
        );

        Assert.Equal(first.Hash(), again.Hash());
        Assert.NotEqual(first.Hash(), other.Hash());
        Assert.NotEqual(first.Train.Hash(), first.Test.Hash());
    }

    [Fact]
    public void GaussianMixture_Samples_LieAroundTheirClassMeans()
    {
        const int count = 20_000,
            features = 5;
        var train = GaussianMixture.Draw(count, 0, features, 3, 4, 7).Train;

        for (var c = 0; c < 3; c++)
        {
            int[] rows = [.. Enumerable.Range(0, count).Where(i => train.Labels[i] == c)];
            double[] mean =
            [
                .. Enumerable.Range(0, features).Select(j => rows.Average(i => train.Inputs[(i * features) + j])),
            ];
            var spread = rows.Average(i =>
                Enumerable.Range(0, features).Average(j => Math.Pow(train.Inputs[(i * features) + j] - mean[j], 2))
            );

            // |mean| = 4 up to the error of a mean of n = count/3 samples, 1/sqrt(n) = 0.012 along the mean, and the bias of its square root, features/(2 * 4 n): six standard errors.
            Assert.InRange(Math.Sqrt(mean.Sum(x => x * x)), 4 - 0.08, 4 + 0.08);
            // The variance over n * features squares has the standard error sqrt(2/(n features)) = 0.0078: six of them.
            Assert.InRange(spread, 1 - 0.05, 1 + 0.05);
            // Each class is drawn with probability 1/3: standard error sqrt(2/9 count) = 67, six of them.
            Assert.InRange(rows.Length, (count / 3) - 400, (count / 3) + 400);
        }
    }

    [Fact]
    public void TeacherStudent_Labels_AreAFunctionOfTheInput()
    {
        var (train, test) = TeacherStudent.Draw(400, 100, 8, 4, 16, 3);

        // A nearest-neighbour rule does better than the 1/4 (plus six standard errors of 0.043) of labels that say nothing of their inputs.
        var hits = Enumerable.Range(0, 100).Count(i => train.Labels[Nearest(i)] == test.Labels[i]);
        Assert.True(hits > 25 + 26, $"{hits} of 100");

        int Nearest(int i) =>
            Enumerable
                .Range(0, 400)
                .MinBy(r =>
                    Enumerable.Range(0, 8).Sum(j => Math.Pow(train.Inputs[(r * 8) + j] - test.Inputs[(i * 8) + j], 2))
                );
    }

    [Theory]
    [InlineData("gaussian-mixture:width=3", "has no parameter 'width'")]
    [InlineData("gaussian-mixture:features=0", "features is 0")]
    [InlineData("gaussian-mixture:classes=1", "classes is 1")]
    [InlineData("gaussian-mixture:separation=-1", "separation is -1")]
    [InlineData("gaussian-mixture:separation=NaN", "separation is NaN")]
    [InlineData("gaussian-mixture:separation=Infinity", "separation is Infinity; it must be a finite number")]
    [InlineData("gaussian-mixture:separation=1e39", "separation is 1E+39; it must be from 0 to 1E+30")]
    [InlineData("gaussian-mixture:seed=x", "seed is 'x'")]
    [InlineData("gaussian-mixture:seed=1,seed=2", "comes twice")]
    [InlineData("teacher-student:somewhere", "has no files")]
    [InlineData("teacher-student:width=0", "width is 0")]
    [InlineData("two-moons:noise=-1", "noise is -1")]
    [InlineData("circles:noise=1e31", "noise is 1E+31; it must be from 0 to 1E+30")]
    [InlineData("circles:noise=NaN", "noise is NaN")]
    [InlineData("circles:factor=1.5", "factor is 1.5; it must be from 0 to 1")]
    [InlineData("sorting:length=0", "length is 0")]
    [InlineData("sorting:vocabulary=1", "vocabulary is 1")]
    [InlineData("copying:length=10001", "length is 10001")]
    [InlineData("chebyshev:degree=-1", "degree is -1")]
    [InlineData("chebyshev:points=1", "points is 1")]
    [InlineData("chebyshev:points=4", "train is 5 and test is 5, but chebyshev with points=4 has 4 training points")]
    [InlineData("chebyshev:seed=1", "has no parameter 'seed'")]
    [InlineData("text:length=0", "length is 0")]
    [InlineData("text:length=1000", "train + test is 10, but the text holds only 3 pieces of 1000 characters")]
    [InlineData("csv:", "csv needs a file")]
    [InlineData("csv:,label=a", "csv needs a file")]
    [InlineData("csv", "csv needs a file")]
    [InlineData("", "data is empty")]
    [InlineData("csv:x,label=a,label=b", "comes twice")]
    public void Load_BadSource_SaysWhat(string source, string words) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(() => DataCatalogue.Load(source, 5, 5)).Message);
}
