using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>The images of a report: those that come with the program, and what folders add or put in their place.</summary>
/// <param name="Fashion">A folder with the full Fashion-MNIST; null for the images that come with the program.</param>
/// <param name="FashionHash">A hash of its first images.</param>
/// <param name="Cifar">A folder with CIFAR-10; null for none.</param>
/// <param name="CifarHash">A hash of the images of it that are used.</param>
internal sealed record ReportData(string? Fashion, string? FashionHash, string? Cifar, string? CifarHash)
{
    // Of CIFAR-10, the part that the paper profile uses.
    private const int CifarTrain = 5000,
        CifarTest = 1000;

    private const int MostTest = 10_000;

    /// <summary>How many test images of Fashion-MNIST the paper profile has.</summary>
    public int TestImages =>
        Fashion is null
            ? ReportSettings.CommonTestImages
            : Math.Min(MostTest, DataCatalogue.Available($"{new TrainingSpec().Data}:{Fashion}")!.Value.Test);

    /// <summary>Reads what --data names, once for each set, and finds CIFAR-10 where data sets are looked for; wrong files are told here, before any work.</summary>
    /// <exception cref="ArgumentException">A set is named twice, or is of no use to the profile.</exception>
    /// <exception cref="IOException">A folder is missing, or does not hold what it should.</exception>
    public static ReportData Read(string[] folders, bool paper)
    {
        string? fashion = null,
            cifar = null;
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
                throw new IOException($"--data {folder} is not a folder.");
            ref var place = ref fashion;
            if (HoldsCifar(folder))
                place = ref cifar;
            if (place is not null)
                throw new ArgumentException($"--data {place} and --data {folder} hold the same data set.");
            place = folder;
        }

        if (cifar is not null && !paper)
            throw new ArgumentException(
                $"--data {cifar} holds CIFAR-10, which the quick profile does not use; give --profile paper."
            );
        if (paper)
            cifar ??= DataCatalogue.Places(RunInputs.Cifar).FirstOrDefault(Directory.Exists);
        return new ReportData(
            fashion,
            fashion is null ? null : RunInputs.StandInHash(fashion),
            cifar,
            cifar is null ? null : DataCatalogue.Load($"{RunInputs.Cifar}:{cifar}", CifarTrain, CifarTest).Hash()
        );
    }

    /// <summary>What the runs read.</summary>
    public RunInputs Inputs() => RunInputs.StandingIn(Fashion, Cifar);

    private static bool HoldsCifar(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Select(Path.GetFileName)
            .Any(name =>
                name!.StartsWith("data_batch_", StringComparison.Ordinal)
                || name.StartsWith("test_batch", StringComparison.Ordinal)
            );
}
