using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Grey images of one's own in four IDX files under the names of MNIST's: of any size, in classes 0 to 9, normalised by the mean and standard deviation of the training pixels, or by those given.</summary>
internal sealed class IdxFiles : DataEntry
{
    private static readonly IdxFolder Layout = new("IDX images", 0, 1);

    public override string Name => "idx";

    public override string Summary => "grey images of your own in four IDX files";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("mean", "", "subtracted from pixel/255; without one, the mean of the training pixels used"),
        new("deviation", "", "divided by, above 0; without one, the standard deviation of the training pixels used"),
    ];

    public override DataPlace Place => DataPlace.Folder;

    public override string Normalisation =>
        "(pixel/255 - mean)/deviation, those of the training pixels used unless given";

    internal override IReadOnlyList<string> TellingFiles =>
        [IdxFolder.Images("train"), IdxFolder.Images("train") + ".gz"];

    internal override (int Train, int Test)? Available(DataRequest asked) => Layout.Available(asked.Located);

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test)
    {
        var set = LoadSet(asked, train, test);
        return (set.Train, set.Test);
    }

    internal override DataSet LoadSet(DataRequest asked, int train, int test)
    {
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        var folder = asked.Located;
        if (!Directory.Exists(folder))
            throw new DataFileException(folder, "there is no such folder; it should hold four IDX files");
        var (first, second) = (
            IdxFolder.Raw(folder, "train", nameof(train), train),
            IdxFolder.Raw(folder, "t10k", nameof(test), test)
        );
        if ((first.Rows, first.Columns) != (second.Rows, second.Columns))
            throw new DataFileException(
                folder,
                $"its training images are {first.Rows} x {first.Columns} pixels and its test images {second.Rows} x {second.Columns}"
            );
        var mean = Given("mean") ?? first.Pixels.Average(pixel => pixel / 255.0);
        var deviation =
            Given("deviation") ?? Math.Sqrt(first.Pixels.Average(pixel => Math.Pow((pixel / 255.0) - mean, 2)));
        if (!(deviation > 0))
            throw new ArgumentException(
                "deviation is not above 0: the training pixels used are all the same, or it was so given; give one by deviation=."
            );
        return new DataSet(
            Name,
            asked.Origin,
            IdxFolder.Scaled(first, mean, deviation),
            IdxFolder.Scaled(second, mean, deviation),
            FormattableString.Invariant($"(pixel/255 - {mean:0.0000})/{deviation:0.0000}")
        );

        double? Given(string name) => asked.Values.Text(name).Length > 0 ? asked.Values.Number(name) : null;
    }
}
