namespace FlatBias.Dynamics.Theories;

/// <summary>What a theory is made of, in the order in which they are shown.</summary>
public enum TheoryFamily
{
    /// <summary>Descent read as a flow.</summary>
    Flow,

    /// <summary>Descent itself on the landscape that it is made for.</summary>
    OwnLandscape,

    /// <summary>Self-stabilization at the edge.</summary>
    SelfStabilization,

    /// <summary>The curvature-moment system and what is added to it.</summary>
    CurvatureMoments,
}

/// <summary>Whose forecast a theory is.</summary>
public enum TheoryOrigin
{
    /// <summary>A rival of the theory that is put to the test: section 6 of docs/theory.md.</summary>
    Rival,

    /// <summary>The theory that is put to the test: sections 3 to 5.</summary>
    Ours,
}

/// <summary>What a theory is beside the others of its family.</summary>
public enum TheoryRole
{
    /// <summary>It stands for its system wherever theories are compared.</summary>
    Main,

    /// <summary>A system that a main one stands for, at another order or in another form.</summary>
    Variant,

    /// <summary>A main one with something removed, to see what that does.</summary>
    Ablation,

    /// <summary>Stated after the report's predictions were: forecasts where it is asked to, and is in no comparison of theirs.</summary>
    Later,
}

/// <summary>Where a theory stands among the others: comparisons choose by it, so that none is left out because nobody listed it.</summary>
/// <param name="Family">What it is made of.</param>
/// <param name="Origin">Whose forecast it is.</param>
/// <param name="Source">Who stated it.</param>
/// <param name="Role">What it is beside the others of its family.</param>
public sealed record TheoryStanding(
    TheoryFamily Family,
    TheoryOrigin Origin,
    string Source,
    TheoryRole Role = TheoryRole.Main
);
