using FlatBias.Dynamics.Theories;

namespace FlatBias.Reports.Chapters;

/// <summary>Which theories are held against each other, by what each says of its standing.</summary>
internal static class ComparedTheories
{
    private static readonly ITheory[] Ordered =
    [
        .. TheoryCatalogue.All.OrderBy(theory => theory.Standing.Family).ThenBy(theory => theory.Standing.Origin),
    ];

    /// <summary>
    /// Those that forecast the trials of the report, in the order of the catalogue: all but what was stated after its
    /// predictions.
    /// </summary>
    public static IReadOnlyList<string> Asked { get; } =
    [.. TheoryCatalogue.All.Where(theory => theory.Standing.Role != TheoryRole.Later).Select(theory => theory.Name)];

    /// <summary>All rivals of these, those with something removed included.</summary>
    public static IReadOnlyList<string> Rivals { get; } =
    [
        .. Ordered
            .Where(theory => theory.Standing.Origin == TheoryOrigin.Rival)
            .Select(theory => theory.Name)
            .Where(Asked.Contains),
    ];

    /// <summary>One theory for each system, rivals before ours.</summary>
    public static IReadOnlyList<string> Main { get; } =
    [.. Ordered.Where(theory => theory.Standing.Role == TheoryRole.Main).Select(theory => theory.Name)];
}
