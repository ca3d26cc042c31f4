using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Tests.Forecasting;

public class ForecastScoreTests
{
    [Fact]
    public void WrongFrom_FirstStepThatIsWrong_OrTheLengthWhereNoneIs()
    {
        Assert.Equal(3, ForecastScore.WrongFrom([0, 0.05, 0.1]));
        Assert.Equal(1, ForecastScore.WrongFrom([0, 0.2, 0]));
        Assert.Equal(2, ForecastScore.WrongFrom([0, 0, double.NaN]));
        Assert.Equal(0, ForecastScore.WrongFrom([]));
    }

    [Fact]
    public void Of_TheoryThatSaysNothingOfAColumn_HasNoErrorsThere()
    {
        var series = SeriesTable.From([
            (Columns.Sharpness, [10, 8]),
            (Columns.Loss, [1, 3]),
            (Columns.Displacement, [0.5, -2]),
            (Columns.Forecast("a", Columns.Validity), [0, 0.25]),
            (Columns.Forecast("a", Columns.Sharpness), [10, 6]),
            (Columns.Forecast("a", Columns.Loss), [1, 4]),
            (Columns.Forecast("a", Columns.Displacement), [0.5, -1]),
        ]);
        var score = ForecastScore.Of(series, "a")!;
        // By S itself, by the range of the loss, by the peak of |u|.
        Assert.Equal([0, 0.25], score.Sharpness);
        Assert.Equal([0, 0.5], score.Loss);
        Assert.Equal([0, 0.5], score.Displacement);
        Assert.Empty(score.Rotation);
        Assert.Empty(score.ThirdMoment);
        Assert.Equal([0, 0.25], score.Validity);
        Assert.Null(ForecastScore.Of(series, "b"));
    }
}
