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
    public const string Name = "list",
        Summary =
            "Lists what can be chosen by name, with parameters and defaults: landscapes, update rules, step-size schedules, observables on request, theories, data sets, networks, initialisations, activations, losses; and the chapters and claims of the report.";

    private static readonly ListedKind[] Kinds =
    [
        ListedKind.Of(
            "landscapes",
            "landscape",
            "Landscapes (flatbias simulate NAME --set parameter=value)",
            () => LandscapeCatalogue.All,
            "start",
            entry => entry.Start,
            "; default start {0}"
        ),
        ListedKind.Of(
            "optimisers",
            "optimiser",
            "Update rules (--optimiser NAME of flatbias simulate and train)",
            () => OptimiserCatalogue.All
        ),
        ListedKind.Of(
            "schedules",
            "schedule",
            "Step-size schedules (--step-size FORM of flatbias simulate and train)",
            () => ScheduleCatalogue.All,
            "form",
            entry => entry.Form,
            "; {0}"
        ),
        ListedKind.Of(
            "observables",
            "observable",
            "Observables on request (--observables NAME,NAME of flatbias simulate and train)",
            () => ObservableCatalogue.All
        ),
        ListedKind.Of(
            "theories",
            "theory",
            "Theories (flatbias compare --theories NAME,NAME)",
            () => TheoryCatalogue.All,
            "source",
            theory => theory.Standing.Source,
            " [{0}]"
        ),
        ListedKind.Of(
            "data-sets",
            "data-set",
            "Data sets (flatbias train --data NAME:...; see flatbias data list)",
            () => DataCatalogue.All,
            "syntax",
            entry => entry.Syntax,
            "; {0}"
        ),
        ListedKind.Of(
            "networks",
            "network",
            "Networks (flatbias train --network NAME --set parameter=value)",
            () => NetworkCatalogue.All
        ),
        ListedKind.Of(
            "initialisations",
            "initialisation",
            "Initialisations (flatbias train --initialisation NAME)",
            () => Initialisation.All
        ),
        ListedKind.Of(
            "activations",
            "activation",
            "Activations (flatbias train --activation NAME)",
            () => ActivationCatalogue.All
        ),
        ListedKind.Of("losses", "loss", "Losses (flatbias train --loss NAME)", () => LossCatalogue.All),
        new(
            "claims",
            "claim",
            "Claims (flatbias report, flatbias report --chapter WORDS)",
            "source",
            " [{0}]",
            () =>
                [
                    .. ChapterCatalogue.All.SelectMany(chapter =>
                        chapter.Statements.Select(s => new Listed(s.Id, s.Text, $"{s.Source}", [], chapter.Title))
                    ),
                ]
        ),
    ];

    public static Command Create()
    {
        var kind = new Argument<string?>("kind")
        {
            Description = $"what to list: {Messages.OneOf([.. Kinds.Select(k => k.Plural)])} [default: all]",
            Arity = ArgumentArity.ZeroOrOne,
        }.Completing(_ => Kinds.Select(k => k.Plural));
        var name = new Argument<string?>("name")
        {
            Description = "the one to show [default: all of the kind]",
            Arity = ArgumentArity.ZeroOrOne,
        }.Completing(parsed =>
            parsed.Word(kind) is { } word && Find(word) is { } known ? known.All().Select(listed => listed.Name) : []
        );
        var json = new Option<bool>("--json")
        {
            Description = "as JSON: an object of lists, the list of a kind, or the object of a name",
        };
        var command = new Command(
            Name,
            Summary
                + """


                Example:
                  flatbias list landscapes          all landscapes
                  flatbias list landscape quartic   one of them
                  flatbias list --json              everything, for other programs
                """
        )
        {
            kind,
            name,
            json,
        };
        command.SetAction(parsed => Print(parsed.GetValue(kind), parsed.GetValue(name), parsed.GetValue(json)));
        return command;
    }

    private static void Print(string? word, string? name, bool asJson)
    {
        if (word is null)
        {
            if (asJson)
                Listing.PrintJson(Kinds);
            else
                foreach (var every in Kinds)
                    Listing.Print(every);
            return;
        }

        var kind = Find(word) ?? throw Unknown(word);
        if (name is null && asJson)
            Listing.PrintJson(kind);
        else if (name is null)
            Listing.Print(kind);
        else if (asJson)
            Listing.PrintJson(kind, kind.Find(name));
        else
            Listing.Print(kind, kind.Find(name), "");
    }

    // The American spelling is understood as that of options is.
    private static ListedKind? Find(string word) =>
        Kinds.FirstOrDefault(kind =>
            new[] { kind.Plural, kind.Singular }.Any(name =>
                word == name || word == name.Replace("is", "iz", StringComparison.Ordinal)
            )
        );

    private static ArgumentException Unknown(string kind)
    {
        string[] plurals = [.. Kinds.Select(k => k.Plural)];
        return new ArgumentException(
            $"kind is '{kind}'; it must be {Messages.OneOf(plurals)}.{Messages.DidYouMean(kind, plurals)}"
        );
    }
}
