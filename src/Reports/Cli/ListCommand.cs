using System.CommandLine;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias list: what there is by name.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the landscapes with their parameters and defaults, the update rules and step-size schedules, the theories, and the claims of the report.");
        command.SetAction(_ =>
        {
            Console.WriteLine("Landscapes (flatbias simulate NAME --set parameter=value):");
            foreach (var entry in LandscapeCatalogue.All)
            {
                Console.WriteLine($"  {entry.Name}: {entry.Summary}; default start {entry.Start}");
                WriteParameters(entry);
            }

            Console.WriteLine();
            Console.WriteLine("Update rules (--optimiser NAME of flatbias simulate and train):");
            foreach (var entry in OptimiserCatalogue.All)
            {
                Console.WriteLine($"  {entry.Name}: {entry.Summary}");
                WriteParameters(entry);
            }

            Console.WriteLine();
            Console.WriteLine("Step-size schedules (--step-size FORM of flatbias simulate and train):");
            foreach (var entry in ScheduleCatalogue.All) Console.WriteLine($"  {entry.Form}: {entry.Summary}");
            Console.WriteLine();
            Console.WriteLine("Theories:");
            foreach (var theory in TheoryCatalogue.All) Console.WriteLine($"  {theory.Name}: {theory.Summary}");
            Console.WriteLine();
            Console.WriteLine("Claims (flatbias report):");
            foreach (var chapter in ChapterCatalogue.All)
            {
                Console.WriteLine($"  {chapter.Title}");
                foreach (var statement in chapter.Statements) Console.WriteLine($"      {statement.Id}: {statement.Text} [{statement.Source}]");
            }
        });
        return command;
    }

    private static void WriteParameters(INamed entry)
    {
        foreach (var parameter in entry.Parameters) Console.WriteLine($"      {parameter.Name} = {parameter.Default}: {parameter.Meaning}");
    }
}
