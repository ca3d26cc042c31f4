using System.CommandLine;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias data: what data sets there are, and whether a folder or file is one.</summary>
internal static class DataCommand
{
    public const string Name = "data",
        Summary = "The data sets that networks can be trained on (flatbias train --data).";

    public static Command Create()
    {
        var list = new Command(
            "list",
            "Lists the data sets: where each is looked for on this machine, what was found, and how to get it."
        );
        list.SetAction(_ => List());
        var source = new Argument<string>("source")
        {
            Description = "a folder, a file, or a name with its place such as mnist:FOLDER or csv:FILE,label=COLUMN",
        }.Completing(_ => DataCatalogue.All.Names);
        var check = new Command(
            "check",
            "Reads a data set to its last byte and says what it is, or what is wrong with it."
        )
        {
            source,
        };
        check.SetAction(parsed => Check(parsed.GetValue(source)!));
        return new Command(Name, Summary) { list, check };
    }

    private static void List()
    {
        foreach (var entry in DataCatalogue.All)
        {
            Console.WriteLine($"{entry.Name}: {entry.Summary}");
            Listing.Print(entry.Parameters, "");
            Console.WriteLine(
                $"    --data {entry.Syntax}{(entry.Obtaining.Length == 0 ? "" : $": {entry.Obtaining}")}"
            );
            if (entry.Place != DataPlace.Folder)
                continue;
            foreach (var place in DataCatalogue.Places(entry.Name))
                Console.WriteLine($"    {(Directory.Exists(place) ? "found" : "not found")}: {place}");
        }

        Console.WriteLine();
        Console.WriteLine(
            $"Set {DataCatalogue.FolderVariable} to a folder that holds one sub-folder a data set, or give the place; settings that are left out have the values shown."
        );
    }

    private static void Check(string source)
    {
        var data = DataCatalogue.LoadAll(source);
        Console.WriteLine($"{data.Name} from {data.Origin}: sound");
        Console.WriteLine(
            $"    {data.Train.Count} training and {data.Test.Count} test samples of {string.Join(" x ", data.Train.Shape)} values {Targets(data.Train)}"
        );
        if (data.Train.Kind == TargetKind.Classes)
            Console.WriteLine($"    training samples per class: {PerClass(data.Train)}");
        if (data.Train.Kind == TargetKind.Classes && data.Test.Count > 0)
            Console.WriteLine($"    test samples per class: {PerClass(data.Test)}");
        Console.WriteLine($"    normalisation: {data.Normalisation}");
        var mean = data.Train.Inputs.Average(x => (double)x);
        Console.WriteLine(
            string.Create(
                Printed.Numbers,
                $"    after it: mean {mean:0.000}, standard deviation {Math.Sqrt(data.Train.Inputs.Average(x => (x - mean) * (x - mean))):0.000}"
            )
        );
    }

    private static string Targets(LabelledSamples samples) =>
        samples.Kind == TargetKind.Classes
            ? $"in {samples.Classes} classes"
            : $"with {samples.Outputs} to be learnt of each";

    private static string PerClass(LabelledSamples samples) =>
        string.Join(
            ", ",
            samples
                .Labels.CountBy(label => label)
                .OrderBy(c => c.Key)
                .Select(c => string.Create(Printed.Numbers, $"{c.Key}: {c.Value}"))
        );
}
