using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>Runs compared where their training loss is the same, since time is not comparable between step sizes and rules.</summary>
internal static class EqualLoss
{
    /// <summary>
    /// The small network of the comparisons, without step size, rule and length: tanh, squared error, so that fitting alone does not send the sharpness to zero; 1,000 images, or 300 in the quick profile. Its leading four pairs
    /// are measured.
    /// </summary>
    public static TrainingSpec Network(ReportSettings settings, int seed) =>
        new()
        {
            DataHash = settings.DataHash,
            Train = settings.Paper ? 1000 : 300,
            Test = settings.TestImages,
            Network = NetworkChoice.FullyConnected([32, 32], Activation.Tanh),
            Loss = NetworkLoss.MeanSquaredError,
            Eigenpairs = 4,
            TrailingEvery = int.MaxValue,
            EigenTolerance = 1e-2,
            Seed = seed,
            Device = settings.Device,
        };

    /// <summary>A column where the loss first reaches a level, interpolated in the logarithm of the loss between the two measurements around it; NaN when it never does.</summary>
    public static double At(SeriesTable series, double level, string column)
    {
        if (Row(series, level) is not { } i)
            return double.NaN;
        var (before, after) = (Math.Log(series[Columns.Loss][i - 1]), Math.Log(series[Columns.Loss][i]));
        var share = (Math.Log(level) - before) / (after - before);
        return series[column][i - 1] + (share * (series[column][i] - series[column][i - 1]));
    }

    /// <summary>The first row, from 1, whose loss is at most the level; null when there is none.</summary>
    public static int? Row(SeriesTable series, double level)
    {
        for (var i = 1; i < series.Rows; i++)
            if (series[Columns.Loss][i] <= level)
                return i;
        return null;
    }

    /// <summary>The largest similarity of the leading frame there to the early one, over k = 1..4: below 0.7 it has turned by the criterion of (8.2).</summary>
    public static double Similarity(SeriesTable series, double level) =>
        Enumerable.Range(1, 4).Max(k => At(series, level, Columns.Similarity[k]));

    /// <summary>The number of instabilities (1.8) that begin before, by the stability number of the run's own rule; NaN when the loss is never reached.</summary>
    public static double Instabilities(SeriesTable series, double level)
    {
        if (Row(series, level) is not { } rows)
            return double.NaN;
        // (1.8) asks for eta S above 2, that is for a stability number above 1, which any rule has.
        double[] twice = [.. Enumerable.Repeat(2.0, rows)];
        return Instability
            .Segment(
                twice,
                series.Array(Columns.StabilityNumber).AsSpan(0, rows),
                series.Array(Columns.Loss).AsSpan(0, rows)
            )
            .Count;
    }
}
