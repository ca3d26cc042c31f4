using System.CommandLine;
using System.Globalization;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias data: what data sets there are, and whether a folder or file is one.</summary>
internal static class DataCommand
{
    private static readonly (string Name, string What, string How)[] Known =
    [
        ("fashion-mnist", "5,000 + 1,000 grey images of clothing come with the program", "the full 60,000 + 10,000: Debian's package dataset-fashion-mnist, or the four IDX files of github.com/zalandoresearch/fashion-mnist; used when given as fashion-mnist:FOLDER"),
        ("mnist", "60,000 + 10,000 handwritten digits", "the four IDX files, gzipped or not, under their official names"),
        ("cifar-10", "50,000 + 10,000 colour photographs", "the binary version from www.cs.toronto.edu/~kriz/cifar.html, unpacked"),
        ("csv", "a table of your own with a header line and a label column", "csv:FILE, or csv:FILE,label=COLUMN"),
        ("gaussian-mixture", "drawn: one Gaussian cloud a class", "gaussian-mixture:features=20,classes=4,separation=3,seed=1"),
        ("teacher-student", "drawn: normal inputs labelled by a random network", "teacher-student:features=20,classes=4,width=16,seed=1"),
    ];

    public static Command Create()
    {
        var list = new Command("list", "Lists the data sets: where each is looked for on this machine, what was found, and how to get it.");
        list.SetAction(_ => List());
        var source = new Argument<string>("source") { Description = "a folder, a file, or a name with its place such as mnist:FOLDER or csv:FILE,label=COLUMN" };
        var check = new Command("check", "Reads a data set to its last byte and says what it is, or what is wrong with it.") { source };
        check.SetAction(parsed => Check(parsed.GetValue(source)!));
        return new Command("data", "The data sets that networks can be trained on (flatbias train --data).") { list, check };
    }

    private static void List()
    {
        foreach (var (name, what, how) in Known)
        {
            Console.WriteLine($"{name}: {what}");
            Console.WriteLine($"    {how}");
            if (name is not ("mnist" or "cifar-10" or "fashion-mnist")) continue;
            foreach (var place in DataCatalogue.Places(name)) Console.WriteLine($"    {(Directory.Exists(place) ? "found" : "not found")}: {place}");
        }

        Console.WriteLine();
        Console.WriteLine($"Set {DataCatalogue.FolderVariable} to a folder that holds one sub-folder a data set, or give the place as in --data mnist:FOLDER.");
    }

    private static void Check(string source)
    {
        var data = DataCatalogue.LoadAll(source);
        Console.WriteLine($"{data.Name} from {data.Origin}: sound");
        Console.WriteLine($"    {data.Train.Count} training and {data.Test.Count} test samples of {data.Train.Features} values in {data.Train.Classes} classes");
        Console.WriteLine($"    training samples per class: {PerClass(data.Train)}");
        if (data.Test.Count > 0) Console.WriteLine($"    test samples per class: {PerClass(data.Test)}");
        Console.WriteLine($"    normalisation: {data.Normalisation}");
        var mean = data.Train.Pixels.Average(x => (double)x);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    after it: mean {mean:0.000}, standard deviation {Math.Sqrt(data.Train.Pixels.Average(x => (x - mean) * (x - mean))):0.000}"));
    }

    private static string PerClass(LabelledImages samples) =>
        string.Join(", ", samples.Labels.CountBy(label => label).OrderBy(c => c.Key).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}: {c.Value}")));
}
