namespace FlatBias.Reports.Contents;

/// <summary>What the sources of claims stand for, and the words of the report.</summary>
internal static class Literature
{
    /// <summary>The references, each after the label or the names by which claims name it.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "**WR** Wang, Roberts, “Training instabilities induce flatness bias in gradient descent”, arXiv 2511.12558; and “Can stability be detrimental? Better generalization through gradient descent instabilities”, arXiv 2412.17613.",
        "**D** derived for FlatBias: docs/theory.md, by the equation's number.",
        "**Lewkowycz et al.** Lewkowycz, Bahri, Dyer, Sohl-Dickstein, Gur-Ari, “The large learning rate phase of deep learning: the catapult mechanism”, arXiv 2003.02218.",
        "**Cohen et al. 2021** Cohen, Kaur, Li, Kolter, Talwalkar, “Gradient descent on neural networks typically occurs at the edge of stability”, arXiv 2103.00065.",
        "**Cohen et al. 2022** Cohen, Ghorbani, Krishnan, Agarwal, Medapati, Badura, Suo, Cardoze, Nado, Dahl, Gilmer, “Adaptive gradient methods at the edge of stability”, arXiv 2207.14484.",
        "**Damian, Nichani and Lee** “Self-stabilization: the implicit bias of gradient descent at the edge of stability”, arXiv 2209.15594.",
        "**Zhu et al.** Zhu, Wang, Wang, Zhou, Ge, “Understanding edge-of-stability training dynamics with a minimalist example”, arXiv 2210.03294.",
        "**Agarwala et al.** Agarwala, Pedregosa, Pennington, “Second-order regression models exhibit progressive sharpening to the edge of stability”, arXiv 2210.04860.",
        "**Kreisler et al.** Kreisler, Nacson, Soudry, Carmon, “Gradient descent monotonically decreases the sharpness of gradient flow solutions in scalar networks and beyond”, arXiv 2305.13064.",
        "**Kalra et al.** Kalra, He, Barkeshli, “Universal sharpness dynamics in neural network training”, arXiv 2311.02076.",
        "**Central flow** Cohen, Damian, Talwalkar, Kolter, Lee, “Understanding optimization in deep learning with central flows”, arXiv 2410.24206.",
        "**Rod flow** Regis, Chewi, “Rod flow: a continuous-time model for gradient descent at the edge of stability”, arXiv 2602.01480.",
        "**Long and Bartlett** “Sharpness-aware minimization and the edge of stability”, arXiv 2309.12488.",
        "**Bai et al.** “Adaptive preconditioners trigger loss spikes in Adam”, arXiv 2506.04805.",
        "**Islamov et al.** Islamov, Crawshaw, Cohen, Gower, “Non-Euclidean gradient descent operates at the edge of stability”, arXiv 2603.05002.",
        "**Kim and Lee** “Gradient descent with large step size restores symmetry in deep linear networks with multi-pathway”, arXiv 2606.05219.",
        "**Andreyev and Beneventano** “Edge of stochastic stability: revisiting the edge of stability for SGD”, arXiv 2412.20553.",
        "**Andreyev et al. 2026** Andreyev, Ananthkumar, Walden, Poggio, Beneventano, “Momentum further constrains sharpness at the edge of stochastic stability”, arXiv 2604.14108.",
        "**Kalra et al. 2026** Kalra, Gagnon-Audet, Gromov, Mediratta, Niu, Miller, Shvartsman, “A scalable measure of loss landscape curvature for analyzing the training dynamics of LLMs”, arXiv 2601.16979.",
        "**rfangit** the public analysis “eos-decay”, which holds rotation to be negligible and H ∇S to drive the decay of the oscillation; (5.3).",
    ];

    /// <summary>Terms, with what they mean here.</summary>
    public static IReadOnlyList<(string Term, string Meaning)> Terms { get; } =
    [
        ("sharpness S", "the largest eigenvalue λ₁ of the Hessian of the training loss"),
        ("edge of stability", "S = 2/η: above it gradient descent with step size η leaves a quadratic minimum"),
        ("stability number", "ηS/2: 1 at the edge"),
        ("instability", "a stretch of a run past the edge, from its onset to where it resolves with S below the edge"),
        ("rotation", "the angle by which the leading eigenvectors have turned between two points"),
        (
            "ρₖ",
            "the cosine of the root-mean-square angle between the spaces of the k leading eigenvectors of two points: 1 where they are the same"
        ),
        ("polarity γ_β", "below 1 where v₁ turns away from the sharper axis (3.5)"),
        ("moments mₖ", "the k-th derivatives of the loss along v₁ (1.3); higher ones are those from m₃ on"),
        ("λ_neg", "the smallest eigenvalue of the Hessian, where it is below 0"),
        ("jet", "derivatives measured at one point, or over one swing, from which a run is forecast"),
        ("floor", "the directions off v₁, along which the loss falls slowly"),
        (
            "line that becomes a band",
            "swings too fast for their strokes to be told apart, drawn as what lies between their crests and troughs"
        ),
        ("gradient-equivalent", "the cost of one gradient of the loss; other measurements are counted in it"),
    ];
}
