using System.Collections.Concurrent;
using System.Security.Cryptography;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// What runs of networks read besides their specification: data, and initial weights where a file gives them. Each is
/// read once, whatever the number of runs.
/// </summary>
/// <param name="place">Where the data of a specification lie; null for where it says itself.</param>
/// <param name="weights">The file of the initial weights; null where they are drawn from the seed.</param>
internal sealed class RunInputs(Func<TrainingSpec, string>? place = null, string? weights = null)
{
    /// <summary>The most samples of a folder that stands in for the set that comes with the program of which the hash is taken: enough to tell one folder from another.</summary>
    private const int HashedTrain = 1000,
        HashedTest = 1000;

    /// <summary>The name of CIFAR-10, which a report may be told the place of.</summary>
    public const string Cifar = "cifar-10";

    private readonly ConcurrentDictionary<(string Place, int Train, int Test), Lazy<DataSet>> _data = new();

    /// <summary>Data in a folder that stands in for the set that comes with the program, and where CIFAR-10 lies.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="cifar">The folder of CIFAR-10; null for where it is looked for.</param>
    public static RunInputs StandingIn(string? folder, string? cifar = null) =>
        new(training =>
            folder is not null && StandsIn(training) ? Moved(training, folder)
            : cifar is not null && training.Data == Cifar ? $"{Cifar}:{cifar}"
            : training.Data
        );

    /// <summary>The <see cref="TrainingSpec.DataHash"/> of runs on a folder that stands in for the set that comes with the program, the same whatever share of it a run uses.</summary>
    public static string StandInHash(string folder) =>
        DataCatalogue.Load(Moved(new TrainingSpec(), folder), HashedTrain, HashedTest).Hash();

    /// <summary>The data of a run where they lie elsewhere: a folder or file without a name is the set that the run's own is.</summary>
    public static string Moved(TrainingSpec training, string place) =>
        Path.Exists(place) && DataCatalogue.All.TryFind(training.Data.Split(':')[0], out var entry)
            ? $"{entry.Name}:{place}"
            : place;

    /// <summary>Whether a specification is of the set that comes with the program, or of a folder that stood in for it.</summary>
    public static bool StandsIn(TrainingSpec training) => training.Data == new TrainingSpec().Data;

    /// <summary>The data of a run.</summary>
    public DataSet Data(TrainingSpec training) =>
        _data
            .GetOrAdd(
                (Place(training), training.Train, training.Test),
                key => new(() => DataCatalogue.Load(key.Place, key.Train, key.Test))
            )
            .Value;

    /// <summary>The specification with what the data and the file of the initial weights add to it.</summary>
    public TrainingSpec Complete(TrainingSpec training)
    {
        if (!StandsIn(training))
            training = training with { DataHash = Data(training).Hash(), Normalisation = Data(training).Normalisation };
        return weights is null ? training : training with { InitialWeights = HashOfWeights() };
    }

    /// <summary>Makes sure, before the work, that these are the data and weights of a run that was made before.</summary>
    /// <param name="training">The specification of that run.</param>
    /// <param name="record">The folder of its record, for messages.</param>
    /// <exception cref="RecordException">They are not.</exception>
    public void Check(TrainingSpec training, string record)
    {
        _ = Data(training);
        if (
            training.DataHash is { } hash
            && hash
                != (
                    StandsIn(training)
                        ? DataCatalogue.Load(Place(training), HashedTrain, HashedTest).Hash()
                        : Data(training).Hash()
                )
        )
            throw new RecordException(
                $"the samples in {Place(training)} are not those of {record}; name the place with the same ones by --data."
            );
        if (training.InitialWeights is not { } kept)
            return;
        if (!File.Exists(weights))
            throw new RecordException(
                $"{weights} is missing: the initial weights came from a file, and the record no longer holds its copy."
            );
        if (HashOfWeights() != kept)
            throw new RecordException(
                $"{weights} does not hold the weights that the run began with: it was truncated or edited."
            );
    }

    /// <summary>The initial weights of the file; null where they are drawn from the seed.</summary>
    /// <exception cref="DataFileException">The file does not hold weights of this network.</exception>
    public double[]? InitialWeights(TrainingSpec training, LabelledSamples train) =>
        InitialWeights(training, train, out _);

    /// <summary>The initial weights of the file, and which of its tensors became which of the network; null where they are drawn from the seed.</summary>
    /// <exception cref="DataFileException">The file does not hold weights of this network.</exception>
    public double[]? InitialWeights(TrainingSpec training, LabelledSamples train, out WeightMapping? mapping)
    {
        mapping = null;
        return weights is null
            ? null
            : NetworkWeights.FromSafetensors(
                weights,
                training.Model(train).Layout,
                out mapping,
                training.RenamedWeights
            );
    }

    /// <summary>Copies the file of the initial weights, if there is one, into a record, which is then enough to repeat the run.</summary>
    public void Keep(string folder)
    {
        if (weights is not null)
            AtomicFile.Write(
                RunRecord.InitialWeights(folder),
                stream => stream.Write(BoundedFile.ReadRegular(weights))
            );
    }

    private string Place(TrainingSpec training) => place?.Invoke(training) ?? training.Data;

    private string HashOfWeights() => Convert.ToHexStringLower(SHA256.HashData(BoundedFile.ReadRegular(weights!)));
}
