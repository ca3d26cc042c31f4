using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Contents;

/// <summary>The statements that bear on a claim, on one kind of surface.</summary>
/// <param name="Headline">The one whose number is shown; null for none.</param>
/// <param name="Supporting">Those that support the claim where they are confirmed, the headline among them or among the others.</param>
/// <param name="Opposing">Those that count against it where they are confirmed.</param>
internal sealed record Evidence(string? Headline, string[] Supporting, string[] Opposing)
{
    public static Evidence None { get; } = new(null, [], []);

    public IEnumerable<string> All => Supporting.Concat(Opposing);
}

/// <summary>What statements say together. One that is against where others support leaves the answer at "in part".</summary>
/// <param name="Word">The answer.</param>
/// <param name="For">How many statements support the claim.</param>
/// <param name="Against">How many count against it.</param>
/// <param name="Undecided">How many decide nothing.</param>
internal sealed record Answer(string Word, int For, int Against, int Undecided)
{
    /// <summary>The answer by the verdicts alone; statements that were not run, or are of chapters that were not asked for, say nothing.</summary>
    public static Answer Of(Evidence evidence, IReadOnlyDictionary<string, Claim> claims)
    {
        var (support, oppose) = (Verdicts(evidence.Supporting), Verdicts(evidence.Opposing));
        var (held, against) = (
            support.Count(v => v == Verdict.Confirmed) + oppose.Count(v => v == Verdict.Refuted),
            support.Count(v => v == Verdict.Refuted) + oppose.Count(v => v == Verdict.Confirmed)
        );
        var undecided = support.Concat(oppose).Count(v => v == Verdict.Inconclusive);
        var word = (held, against, undecided) switch
        {
            (0, 0, 0) => "not measured",
            (0, 0, _) => "undecided",
            (> 0, > 0, _) => "in part",
            (> 0, 0, 0) => "yes",
            (0, > 0, 0) => "no",
            (> 0, 0, _) => held >= undecided ? "yes, as far as decided" : "mostly undecided",
            _ => against >= undecided ? "no, as far as decided" : "mostly undecided",
        };
        return new Answer(word, held, against, undecided);

        Verdict[] Verdicts(string[] ids) => [.. ids.Where(claims.ContainsKey).Select(id => claims[id].Verdict)];
    }

    /// <summary>The counts, as they stand below the word.</summary>
    public string Counts =>
        For + Against + Undecided == 0
            ? ""
            : $"{For} for"
                + (Against > 0 ? $", {Against} against" : "")
                + (Undecided > 0 ? $", {Undecided} undecided" : "");
}

/// <summary>A claim of the paper, and what bears on it.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Landscapes">On landscapes whose theory is exact.</param>
/// <param name="Networks">On networks.</param>
/// <param name="Figures">What shows it, by the headings of the captions.</param>
internal sealed record PaperClaim(string Text, Evidence Landscapes, Evidence Networks, IReadOnlyList<string> Figures)
{
    public static IReadOnlyList<PaperClaim> All { get; } =
    [
        new(
            "Instabilities flatten the landscape",
            new(
                "depth-flattens",
                ["past-threshold-flatter", "past-threshold-below-flow", "worked-example", "depth-flattens"],
                []
            ),
            new(
                "network-flatter",
                [
                    "network-flatter",
                    "sweep-flatter",
                    "drop-next-eigenvalues",
                    "drop-trace",
                    "beyond-cnn-flatter",
                    "beyond-resnet-flatter",
                    "beyond-transformer-flatter",
                    "beyond-chebyshev-flatter",
                ],
                []
            ),
            ["flattening-sweep", "accuracy", "drop-ends", "network-flatness"]
        ),
        new(
            "Past the edge the leading eigenvectors rotate",
            new(
                "polarity-start",
                ["polarity-start", "polarity-stable", "polarity-flip", "polarity-orthogonal", "polarity-step-size"],
                []
            ),
            new(
                "network-turns",
                [
                    "network-turns",
                    "sweep-stable-below",
                    "sweep-lost-past",
                    "sweep-rotates",
                    "beyond-cnn-turns",
                    "beyond-resnet-turns",
                    "beyond-transformer-turns",
                    "beyond-chebyshev-turns",
                    "beyond-turns-further",
                ],
                []
            ),
            ["polarity", "similarity", "network-rotation"]
        ),
        new(
            "Rotation is the mechanism of flattening",
            new(null, [], ["switch-gradient-only", "switch-rotation-only", "score-rotation-negligible"]),
            new(
                "swing-rotation-matters",
                ["forecast-rotation-matters", "swing-rotation-matters"],
                ["swing-needs-memory"]
            ),
            ["switches-plane", "swing-ablations"]
        ),
        new(
            "Higher moments fluctuate, and fall before the instability resolves",
            new("hocm-flatten-first", ["hocm-grow", "hocm-flatten-first", "flattening-precedes"], []),
            new("network-moments-first", ["network-moments-fluctuate", "network-moments-first"], []),
            ["higher-order-moments", "forecast-moments"]
        ),
        new(
            "The reduced dynamics of curvature moments predicts it",
            new("score-memory", ["moment-map-exact", "moment-map-truncation", "cycle-period", "cycle-growth"], []),
            new(
                "swing-sharpness",
                [
                    "forecast-sharpness",
                    "forecast-displacement",
                    "forecast-rotation",
                    "forecast-softplus",
                    "forecast-push",
                    "forecast-second",
                    "swing-sharpness",
                    "swing-push",
                    "swing-softplus",
                    "swing-flattening",
                ],
                ["swing-relu-span"]
            ),
            ["score-right", "forecast-run", "forecast-theories", "swing-cost"]
        ),
        new(
            "Larger steps, and flatter ends, generalise better",
            Evidence.None,
            new(
                "sweep-accuracy-past",
                [
                    "sweep-accuracy-below",
                    "sweep-accuracy-past",
                    "sweep-goldilocks",
                    "sweep-sharpness-accuracy",
                    "sweep-trace-accuracy",
                    "sweep-rotation-accuracy",
                    "sweep-test-loss",
                    "sweep-noisy-accuracy",
                    "sweep-noisy-more",
                    "sweep-noisy-sharpness",
                    "sweep-cifar-accuracy",
                    "sweep-cifar-sharpness",
                    "drop-accuracy",
                ],
                []
            ),
            ["accuracy", "scatter"]
        ),
        new(
            "It persists under SGD, and outweighs the noise",
            new("sgd-noise-share", [], ["sgd-noise-share"]),
            new(
                "sgd-instability-outweighs",
                ["sgd-turns", "sgd-turns-more-than-noise", "sgd-noise-flattens-less", "sgd-instability-outweighs"],
                []
            ),
            ["noise-shares", "sgd-batch-size"]
        ),
        new(
            "Adaptive rules damp it, and Clipped-Ada restores it",
            new(
                "clipped-ada-flattens",
                [
                    "optimisers-published",
                    "rmsprop-damps",
                    "clipped-ada-restores",
                    "clipped-ada-flattens",
                    "max-rule-control",
                    "clipped-ada-long-run",
                ],
                []
            ),
            new(
                "clipped-ada-network-flatter",
                [
                    "adaptive-fewer-instabilities",
                    "rmsprop-sharper",
                    "adam-sharper",
                    "adaptive-turns-less",
                    "clipped-ada-more-instabilities",
                    "clipped-ada-network-flatter",
                    "clipped-ada-accuracy",
                    "max-rule-network-control",
                ],
                []
            ),
            ["optimisers", "adaptive-equal-loss"]
        ),
    ];
}
