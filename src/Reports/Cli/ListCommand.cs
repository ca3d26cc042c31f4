using System.CommandLine;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables.OnRequest;
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
    private static readonly Kind[] Kinds =
    [
        Kind.Of(
            "landscapes",
            "landscape",
            "Landscapes (flatbias simulate NAME --set parameter=value)",
            () => LandscapeCatalogue.All,
            entry => $"; default start {entry.Start}"
        ),
        Kind.Of(
            "optimisers",
            "optimiser",
            "Update rules (--optimiser NAME of flatbias simulate and train)",
            () => OptimiserCatalogue.All
        ),
        Kind.Of(
            "schedules",
            "schedule",
            "Step-size schedules (--step-size FORM of flatbias simulate and train)",
            () => ScheduleCatalogue.All,
            entry => $"; {entry.Form}"
        ),
        Kind.Of(
            "observables",
            "observable",
            "Observables on request (--observables NAME,NAME of flatbias simulate and train)",
            () => ObservableCatalogue.All
        ),
        Kind.Of(
            "theories",
            "theory",
            "Theories (flatbias compare --theories NAME,NAME)",
            () => TheoryCatalogue.All,
            theory => $" [{theory.Standing.Source}]"
        ),
        Kind.Of(
            "data-sets",
            "data-set",
            "Data sets (flatbias train --data NAME:...; see flatbias data list)",
            () => DataCatalogue.All,
            entry => $"; {entry.Syntax}"
        ),
        Kind.Of(
            "networks",
            "network",
            "Networks (flatbias train --network NAME --set parameter=value)",
            () => NetworkCatalogue.All
        ),
        Kind.Of(
            "initialisations",
            "initialisation",
            "Initialisations (flatbias train --initialisation NAME)",
            () => Initialisation.All
        ),
        Kind.Of(
            "activations",
            "activation",
            "Activations (flatbias train --activation NAME)",
            () => ActivationCatalogue.All
        ),
        Kind.Of("losses", "loss", "Losses (flatbias train --loss NAME)", () => LossCatalogue.All),
        new(Claims, "claim", PrintClaims, PrintClaim),
    ];

    private const string Claims = "claims";

    public static Command Create()
    {
        var kind = new Argument<string?>("kind")
        {
            Description = $"what to list: {Messages.OneOf([.. Kinds.Select(k => k.Plural)])} [default: all]",
            Arity = ArgumentArity.ZeroOrOne,
        }.Completing(() => Kinds.Select(k => k.Plural));
        var name = new Argument<string?>("name")
        {
            Description = "the one to show [default: all of the kind]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "list",
            """
            Lists what can be chosen by name, with parameters and defaults: landscapes, update rules, step-size schedules, observables on request, theories, data sets, networks, initialisations, activations, losses; and the chapters and claims of the report.

            Example:
              flatbias list landscapes          all landscapes
              flatbias list landscape quartic   one of them
            """
        )
        {
            kind,
            name,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(kind) is not { } wanted)
            {
                foreach (var every in Kinds)
                    every.PrintAll();
                return;
            }

            var found = Kinds.FirstOrDefault(k => k.Plural == wanted || k.Singular == wanted) ?? throw Unknown(wanted);
            if (parsed.GetValue(name) is { } one)
                found.PrintOne(one);
            else
                found.PrintAll();
        });
        return command;
    }

    private static ArgumentException Unknown(string kind)
    {
        string[] plurals = [.. Kinds.Select(k => k.Plural)];
        return new ArgumentException(
            $"kind is '{kind}'; it must be {Messages.OneOf(plurals)}.{Messages.DidYouMean(kind, plurals)}"
        );
    }

    private static void PrintClaims()
    {
        Console.WriteLine("Claims (flatbias report, flatbias report --chapter WORDS):");
        foreach (var chapter in ChapterCatalogue.All)
        {
            Console.WriteLine($"  {chapter.Title}");
            foreach (var statement in chapter.Statements)
                Console.WriteLine($"      {statement.Id}: {statement.Text} [{statement.Source}]");
        }
    }

    private static void PrintClaim(string id)
    {
        var all = ChapterCatalogue.All.SelectMany(chapter => chapter.Statements).ToArray();
        var statement =
            all.FirstOrDefault(s => s.Id == id)
            ?? throw new ArgumentException(
                $"there is no claim '{id}'; flatbias list {Claims} has them.{Messages.DidYouMean(id, all.Select(s => s.Id))}"
            );
        Console.WriteLine($"{statement.Id}: {statement.Text} [{statement.Source}]");
    }

    /// <summary>A kind of thing that has names.</summary>
    private sealed record Kind(string Plural, string Singular, Action PrintAll, Action<string> PrintOne)
    {
        public static Kind Of<T>(
            string plural,
            string singular,
            string heading,
            Func<Catalogue<T>> entries,
            Func<T, string>? note = null
        )
            where T : INamed =>
            new(
                plural,
                singular,
                () => Listing.Print(heading, entries(), note),
                name =>
                {
                    var entry = entries().Find(name);
                    Listing.Print(entry, "", note?.Invoke(entry) ?? "");
                }
            );
    }
}
