using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Catalogue;

/// <summary>A landscape that can be built by name.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Summary">One line: the formula.</param>
/// <param name="Parameters">Its parameters with their defaults.</param>
/// <param name="Start">A sensible start for the defaults, separated by commas.</param>
/// <param name="Build">Makes it from values.</param>
public sealed record LandscapeEntry(
    string Name,
    string Summary,
    IReadOnlyList<Parameter> Parameters,
    string Start,
    Func<ParameterValues, Landscape> Build
) : INamed;

/// <summary>All landscapes, by name.</summary>
public static class LandscapeCatalogue
{
    private static readonly string[] Links = ["power", "squared-error", "logistic"];

    /// <summary>The entries in the order of theory.md.</summary>
    public static Catalogue<LandscapeEntry> All { get; } =
        new(
            "landscape",
            [
                new(
                    "quadratic",
                    "1/2 (theta-c)^T A (theta-c), the null model (2.1)",
                    [
                        new(
                            "eigenvalues",
                            "2,0.5",
                            "the spectrum of A, separated by commas; its length is the dimension"
                        ),
                        new(
                            "basis-seed",
                            "none",
                            "seeds a random orthonormal eigenbasis of A; 'none' leaves A diagonal"
                        ),
                        new("centre", "origin", "c, separated by commas, or 'origin'"),
                    ],
                    "1,1",
                    BuildQuadratic
                ),
                new(
                    "two-parameter-network",
                    "z(theta_1 theta_2), section 3",
                    [
                        new(
                            "link",
                            "power",
                            "power (z = c Theta^m), squared-error (z = (Theta - y)^2 / 2) or logistic (z = log(1 + e^-Theta))"
                        ),
                        new("exponent", "2", "m of the power link, 2 to 64"),
                        new("coefficient", "1", "c of the power link, above 0"),
                        new("target", "1", "y of the squared-error link"),
                    ],
                    "-0.1,10",
                    BuildTwoParameter
                ),
                .. NetworkEntries.All,
                new(
                    "polynomial-valley",
                    "V(phi) + sum_k m_k(phi) u^k / k!, section 4; theta = (u, phi_1, ..., phi_d)",
                    [
                        new("floor", "0", "V_0"),
                        new("slope", "-0.05,0", "g = grad V, d components, d at least 1"),
                        new("moments", "1.9,0.5,-1", "m_2, ..., m_K on the floor at phi = 0, K from 2 to 6"),
                        new(
                            "gradients",
                            "1,0,0.3,0.2,0.1,-0.2",
                            "grad m_2, ..., grad m_K, d components each, one after the other"
                        ),
                        new(
                            "stiffness",
                            "none",
                            "curvatures of V along phi_1, ..., phi_d (a relaxing valley), or 'none'"
                        ),
                    ],
                    "0.01,0,0",
                    BuildValley
                ),
                .. FormEntries.All,
            ]
        );

    /// <summary>Builds a landscape by name.</summary>
    /// <param name="name">The landscape's name.</param>
    /// <param name="given">Parameter values by name; the rest take their defaults.</param>
    /// <returns>The landscape and all its parameter values.</returns>
    /// <exception cref="ArgumentException">The name or a parameter is unknown, or a value is out of range.</exception>
    public static (Landscape Landscape, ParameterValues Values) Build(
        string name,
        IReadOnlyDictionary<string, string> given
    )
    {
        var entry = All.Find(name);
        var values = new ParameterValues(entry, given);
        return (entry.Build(values), values);
    }

    private static QuadraticBowl BuildQuadratic(ParameterValues values) =>
        QuadraticBowl.WithSpectrum(
            values.List("eigenvalues"),
            values.Text("basis-seed") == "none" ? null : values.Whole("basis-seed"),
            values.Text("centre") == "origin" ? null : values.List("centre")
        );

    private static Landscape BuildTwoParameter(ParameterValues values) =>
        values.Text("link") switch
        {
            "power" => new TwoParameterNetwork<PowerLink>(
                new PowerLink(values.Whole("exponent"), values.Number("coefficient"))
            ),
            "squared-error" => new TwoParameterNetwork<SquaredErrorLink>(new SquaredErrorLink(values.Number("target"))),
            "logistic" => new TwoParameterNetwork<LogisticLink>(default),
            var other => throw new ArgumentException(
                $"link is '{other}'; it must be {Messages.OneOf(Links)}.{Messages.DidYouMean(other, Links)}",
                "link"
            ),
        };

    private static PolynomialValley BuildValley(ParameterValues values)
    {
        var (slope, moments, flat) = (values.List("slope"), values.List("moments"), values.List("gradients"));
        Require.Length(flat.Length, slope.Length * moments.Length, "gradients");
        return new PolynomialValley(
            values.Number("floor"),
            slope,
            moments,
            [.. flat.Chunk(slope.Length)],
            Stiffness(values, slope.Length)
        );
    }

    private static double[,]? Stiffness(ParameterValues values, int width)
    {
        if (values.Text("stiffness") == "none")
            return null;
        var curvatures = values.List("stiffness");
        Require.Length(curvatures.Length, width, "stiffness");
        var matrix = new double[width, width];
        for (var i = 0; i < width; i++)
            matrix[i, i] = curvatures[i];
        return matrix;
    }
}
