using FlatBias.Dynamics.Catalogues;
using FlatBias.Quadratic.Catalogue;

namespace FlatBias.Quadratic.Tests.Catalogue;

/// <summary>The catalogue as the command line uses it.</summary>
public class LandscapeCatalogueTests
{
    private static readonly Dictionary<string, string> Defaults = [];

    public static TheoryData<string> Names => [.. LandscapeCatalogue.All.Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_WithDefaults_FitsItsStartAndBearsItsName(string name)
    {
        var entry = LandscapeCatalogue.All.Single(e => e.Name == name);
        var (landscape, _) = LandscapeCatalogue.Build(name, Defaults);
        var start = ParameterValues.ParseList("start", entry.Start);
        Assert.Equal(name, landscape.Name);
        Assert.Equal(landscape.Dimension, start.Length);
        var gradient = new double[start.Length];
        landscape.Gradient(start, gradient);
        Assert.All(gradient, g => Assert.True(double.IsFinite(g)));
        Assert.Contains(gradient, g => g != 0);
    }

    [Theory]
    [InlineData("quartic", "seed=3,eigenvalues=1;2;3,quartic-terms=4", 3)]
    [InlineData("quartic", "eigenvalues=1;2;3,cubic=1;2;3", 3)]
    [InlineData("quartic", "seed=3,bounded=no,quartic-terms=0", 2)]
    [InlineData("double-well", "transverse=none", 1)]
    [InlineData("double-well", "transverse=1;2;3", 4)]
    [InlineData("catapult", "width=5", 10)]
    [InlineData("quadratic-regression", "parameters=7,outputs=1", 7)]
    [InlineData("rotation-laboratory", "eigenvalues=2;0.3;0.2;0.1", 5)]
    [InlineData("scalar-product", "depth=7", 7)]
    [InlineData("diagonal-network", "depth=3", 6)]
    [InlineData("diagonal-regression", "width=5", 10)]
    [InlineData("deep-linear-network", "widths=3;2;4;1", 18)]
    [InlineData("matrix-factorisation", "rank=3", 12)]
    public void Build_WithParameters_HasTheStatedDimension(string name, string given, int dimension) =>
        Assert.Equal(dimension, LandscapeCatalogue.Build(name, Parse(given)).Landscape.Dimension);

    [Theory]
    [InlineData("quartic", "cubic=1;2;3", "cubic")]
    [InlineData("quartic", "seed=1,bounded=maybe", "bounded is 'maybe'")]
    [InlineData("quartic", "seed=1,quartic-terms=1", "quarticTerms is 1")]
    [InlineData("quartic", "eigenvalues=nan", "eigenvalues[1] is NaN")]
    [InlineData("double-well", "skew=2", "skew is 2")]
    [InlineData("bending-valley", "wall=-1", "wall is -1")]
    [InlineData("catapult", "width=0", "width is 0")]
    [InlineData("zhu-quartic", "width=0", "zhu-quartic has no parameter 'width'")]
    [InlineData("quadratic-regression", "outputs=0", "outputs is 0")]
    [InlineData("rotation-laboratory", "eigenvalues=1", "eigenvalues is 1")]
    [InlineData("scalar-product", "depth=0", "depth is 0; it must be a whole number from 1 to 1024")]
    [InlineData("scalar-product", "target=NaN", "target is NaN")]
    [InlineData("diagonal-network", "depth=-1", "depth is -1")]
    [InlineData("diagonal-network", "weights=1;0", "weights[1] is 0")]
    [InlineData("diagonal-network", "targets=1;2;3", "targets has 3 elements; it must have 2")]
    [InlineData("diagonal-regression", "noise=-1", "noise is -1")]
    [InlineData("diagonal-regression", "samples=0", "samples is 0; it must be a whole number of at least 1")]
    [InlineData("deep-linear-network", "widths=2", "widths has 1 elements; it must have at least 2")]
    [InlineData("deep-linear-network", "widths=2;x", "widths[2] is 'x'; it must be a whole number")]
    [InlineData("matrix-factorisation", "rank=0", "rank is 0")]
    [InlineData(
        "two-parameter-network",
        "link=cosine",
        "link is 'cosine'; it must be power, squared-error or logistic"
    )]
    [InlineData("scalar-product", "width=1", "scalar-product has no parameter 'width'; it has: depth, target")]
    public void Build_BadValue_SaysWhichAndWhy(string name, string given, string message) =>
        Assert.Contains(
            message,
            Assert.ThrowsAny<ArgumentException>(() => LandscapeCatalogue.Build(name, Parse(given))).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("quartic")]
    [InlineData("quadratic-regression")]
    [InlineData("diagonal-regression")]
    [InlineData("deep-linear-network")]
    [InlineData("matrix-factorisation")]
    public void Build_SameSeed_IsTheSameLandscape(string name)
    {
        var given = name == "quartic" ? "seed=5,eigenvalues=1;2;3,quartic-terms=3" : "seed=5";
        double[] theta =
        [
            .. Enumerable
                .Range(1, LandscapeCatalogue.Build(name, Parse(given)).Landscape.Dimension)
                .Select(i => 0.1 * i),
        ];
        double Loss(string text) => LandscapeCatalogue.Build(name, Parse(text)).Landscape.Loss(theta);
        Assert.Equal(Loss(given), Loss(given));
        Assert.NotEqual(Loss(given), Loss(given.Replace("seed=5", "seed=6", StringComparison.Ordinal)));
    }

    [Fact]
    public void Build_ValleyWithStiffness_HasThoseCurvaturesAlongItsFloor()
    {
        var valley = LandscapeCatalogue.Build("polynomial-valley", Parse("stiffness=3;7")).Landscape;
        var hessian = new double[9];
        valley.Hessian([0, 0, 0], hessian);
        Assert.Equal([3, 0, 0, 7], [hessian[4], hessian[5], hessian[7], hessian[8]]);
        var bad = Assert.ThrowsAny<ArgumentException>(() =>
            LandscapeCatalogue.Build("polynomial-valley", Parse("stiffness=3"))
        );
        Assert.Contains("stiffness", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_LogisticLink_IsTheLogisticLoss() =>
        // 4 roundings of a number below 1.
        Assert.Equal(
            Math.Log(1 + Math.Exp(-0.5)),
            LandscapeCatalogue.Build("two-parameter-network", Parse("link=logistic")).Landscape.Loss([0.5, 1]),
            4.5e-16
        );

    private static Dictionary<string, string> Parse(string given) =>
        given
            .Split(',')
            .Select(item => item.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1].Replace(';', ','));
}
