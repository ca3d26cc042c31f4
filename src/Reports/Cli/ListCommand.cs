using System.CommandLine;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
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
        var command = new Command(
            "list",
            "Lists what can be chosen by name, with parameters and defaults: landscapes, update rules, step-size schedules, theories, data sets, networks, initialisations, activations, losses; and the chapters and claims of the report."
        );
        command.SetAction(_ =>
        {
            Listing.Print(
                "Landscapes (flatbias simulate NAME --set parameter=value)",
                LandscapeCatalogue.All,
                entry => $"; default start {entry.Start}"
            );
            Listing.Print("Update rules (--optimiser NAME of flatbias simulate and train)", OptimiserCatalogue.All);
            Listing.Print(
                "Step-size schedules (--step-size FORM of flatbias simulate and train)",
                ScheduleCatalogue.All,
                entry => $"; {entry.Form}"
            );
            Listing.Print(
                "Theories (flatbias compare --theories NAME,NAME)",
                TheoryCatalogue.All,
                theory => $" [{theory.Standing.Source}]"
            );
            Listing.Print(
                "Data sets (flatbias train --data NAME:...; see flatbias data list)",
                DataCatalogue.All,
                entry => $"; {entry.Syntax}"
            );
            Listing.Print("Networks (flatbias train --network NAME --set parameter=value)", NetworkCatalogue.All);
            Listing.Print("Initialisations (flatbias train --initialisation NAME)", Initialisation.All);
            Listing.Print("Activations (flatbias train --activation NAME)", ActivationCatalogue.All);
            Listing.Print("Losses (flatbias train --loss NAME)", LossCatalogue.All);
            Console.WriteLine("Claims (flatbias report, flatbias report --chapter WORDS):");
            foreach (var chapter in ChapterCatalogue.All)
            {
                Console.WriteLine($"  {chapter.Title}");
                foreach (var statement in chapter.Statements)
                    Console.WriteLine($"      {statement.Id}: {statement.Text} [{statement.Source}]");
            }
        });
        return command;
    }
}
