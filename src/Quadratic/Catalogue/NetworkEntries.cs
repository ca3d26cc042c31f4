using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Catalogue;

/// <summary>The catalogue's linear networks, eqs. (3.9) to (3.11) and (3.13).</summary>
internal static class NetworkEntries
{
    public static IReadOnlyList<LandscapeEntry> All { get; } =
    [
        new(
            "scalar-product",
            "1/2 (theta_1 ... theta_N - y)^2 (3.9)",
            [
                new("depth", "3", $"N, from 1 to {ScalarProduct.DeepestDepth}: the number of parameters"),
                new("target", "1", "y, finite"),
            ],
            "0.5,1,1.5",
            v => new ScalarProduct(v.Size("depth"), v.Number("target"))
        ),
        new(
            "multi-pathway",
            "1/2 (sum_p theta_p1 ... theta_pN - y)^2 (3.13); theta path by path",
            [
                new("paths", "2", "P, from 1"),
                new("depth", "3", $"N, from 1; P N is at most {ScalarProduct.DeepestDepth}"),
                new("target", "1", "y, finite"),
            ],
            "0.9,0.9,0.9,0.5,0.5,0.5",
            v => new MultiPathway(v.Size("paths"), v.Size("depth"), v.Number("target"))
        ),
        new(
            "diagonal-network",
            "1/2 sum_i a_i (prod_l theta_li - y_i)^2 (3.10); theta layer by layer",
            [
                new("depth", "2", "N, from 1; there are N d parameters"),
                new("weights", "1,0.25", "a, d numbers above 0, separated by commas"),
                new("targets", "1,0.5", "y, d numbers, separated by commas"),
            ],
            "0.1,0.1,1.6,1.5",
            v => new DiagonalNetwork(v.Size("depth"), v.List("weights"), v.List("targets"))
        ),
        new(
            "diagonal-regression",
            "1/(2n) |X (u v) - y|^2 (3.10), X and a teacher standard normal; theta = (u, v)",
            [
                new("samples", "8", "n, at least 1"),
                new("width", "3", "d, at least 1; there are 2 d parameters"),
                new("noise", "0.1", "the standard deviation of the noise in y, at least 0"),
                new("seed", "1", "seeds X, the teacher and the noise"),
            ],
            "0.1,0.1,0.1,1,1,1",
            v => DiagonalRegression.Random(v.Size("samples"), v.Size("width"), v.Number("noise"), v.Whole("seed"))
        ),
        new(
            "deep-linear-network",
            "1/2 |W_N ... W_1 - M|_F^2 (3.11), M standard normal; theta = (W_1, ..., W_N) row by row",
            [
                new("widths", "2,2,2", "d_0, ..., d_N, at least two, each at least 1, separated by commas"),
                new("seed", "1", "seeds M"),
            ],
            "0.9,0.1,-0.1,0.8,0.7,0.2,-0.2,1.1",
            v => DeepLinearNetwork.Random(v.Sizes("widths"), v.Whole("seed"))
        ),
        new(
            "matrix-factorisation",
            "1/2 |U V^T - M|_F^2, M standard normal; theta = (U, V) row by row",
            [
                new("rows", "2", "m, the rows of M, at least 1"),
                new("columns", "2", "n, the columns of M, at least 1"),
                new("rank", "1", "r, at least 1; there are (m + n) r parameters"),
                new("seed", "1", "seeds M"),
            ],
            "0.5,-0.3,1.2,0.4",
            v => MatrixFactorisation.Random(v.Size("rows"), v.Size("columns"), v.Size("rank"), v.Whole("seed"))
        ),
    ];
}
