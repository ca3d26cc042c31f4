using System.CommandLine;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Catalogue;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Contents;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias list: what there is by name.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the landscapes with their parameters and defaults, the theories, and the claims of the report.");
        command.SetAction(_ =>
        {
            Console.WriteLine("Landscapes (flatbias simulate NAME --set parameter=value):");
            foreach (var entry in LandscapeCatalogue.All)
            {
                Console.WriteLine($"  {entry.Name}: {entry.Summary}; default start {entry.Start}");
                foreach (var parameter in entry.Parameters) Console.WriteLine($"      {parameter.Name} = {parameter.Default}: {parameter.Meaning}");
            }

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
}
