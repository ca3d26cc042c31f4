using FlatBias.Dynamics.Catalogues;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Catalogue;

/// <summary>The catalogue's general forms, valleys, and the models that rival theories are stated on.</summary>
internal static class FormEntries
{
    public static IEnumerable<LandscapeEntry> All { get; } =
    [
        new(
            "quartic",
            "1/2 theta.A theta + 1/6 C[theta^3] + 1/24 T[theta^4], the Taylor polynomial at a critical point",
            [
                new("eigenvalues", "2,0.5", "the spectrum of A, separated by commas; its length is the dimension P"),
                new("cubic", "0.5", "separable only: c_1, ..., c_P, or one number for all"),
                new("quartic", "1", "separable only: t_1, ..., t_P, or one number for all"),
                new(
                    "seed",
                    "none",
                    "seeds a random eigenbasis of A and random directions; 'none' makes the separable form"
                ),
                new("cubic-terms", "2", "random only: the number of cubic terms, at least 0"),
                new(
                    "quartic-terms",
                    "2",
                    "random only: the number of quartic terms, at least 0, and at least P if bounded"
                ),
                new("strength", "1", "random only: the largest weight of a term, above 0"),
                new(
                    "bounded",
                    "yes",
                    "random only: yes makes L bounded below, no lets the quartic weights have any sign"
                ),
            ],
            "0.1,0.1",
            BuildQuartic
        ),
        new(
            "double-well",
            "h (xi^2 - 1)^2 (1 + s xi + s^2 xi^2) + 1/2 sum_i mu_i y_i^2, xi = x / r; theta = (x, y_1, ..., y_k)",
            [
                new("height", "0.25", "h, above 0"),
                new("radius", "1", "r, above 0: the minima are at x = r and x = -r"),
                new("skew", "0.5", "s, -1 to 1; above 0 the well at +r is the sharper one"),
                new("transverse", "1", "mu_1, ..., mu_k, each above 0, or 'none'"),
            ],
            "0.9,0.1",
            values => new DoubleWell(
                values.Number("height"),
                values.Number("radius"),
                values.Number("skew"),
                values.Text("transverse") == "none" ? [] : values.List("transverse")
            )
        ),
        new(
            "bending-valley",
            "1/2 lambda (1 + delta x)(y - kappa x^2 / 2)^2 + 1/2 mu (x - c)^2; theta = (x, y)",
            [
                new("wall", "1", "lambda, above 0"),
                new("bend", "1", "kappa, how much the floor bends"),
                new("steepening", "0.5", "delta, how much the walls steepen along x"),
                new("fall", "0.05", "mu, above 0: the curvature along the floor's x"),
                new("centre", "2", "c, where the minimum is, with 1 + delta c above 0"),
            ],
            "-1,0.51",
            values => new BendingValley(
                values.Number("wall"),
                values.Number("bend"),
                values.Number("steepening"),
                values.Number("fall"),
                values.Number("centre")
            )
        ),
        new(
            "rotation-laboratory",
            "1/2 x.R(wy) diag(lambda_1 + delta y, lambda_2) R(wy)^T x + 1/2 sum_i>2 lambda_i x_i^2 + V(y), (5.1); theta = (x_1, ..., x_n, y)",
            [
                new("eigenvalues", "2,0.3", "lambda_1, ..., lambda_n, n at least 2"),
                new("rotation", "1", "w, the angle per unit of y; 0 switches rotation off"),
                new("steepening", "1", "delta, the gradient of the unstable curvature; 0 switches it off"),
                new("slope", "0", "V = -slope y + 1/2 stiffness y^2"),
                new("stiffness", "0", "see slope"),
            ],
            "0.001,0.001,0",
            values => new RotationLaboratory(
                values.List("eigenvalues"),
                values.Number("rotation"),
                values.Number("steepening"),
                values.Number("slope"),
                values.Number("stiffness")
            )
        ),
        new(
            "catapult",
            "1/2 (u.v / sqrt(n) - y)^2, (6.3); theta = (u, v)",
            [new("width", "2", "n, at least 1; there are 2n parameters"), new("target", "0", "y")],
            "1,1,0.1,0",
            values => new CatapultModel(values.Size("width"), values.Number("target"))
        ),
        new("zhu-quartic", "1/4 (1 - x^2 y^2)^2, (6.4)", [], "3.2,0.32", _ => new ZhuQuartic()),
        new(
            "quadratic-regression",
            "1/2 |y + G theta + 1/2 Q(theta, theta)|^2, (6.6), random",
            [
                new("outputs", "2", "D, at least 1"),
                new("parameters", "3", "P, at least 1"),
                new("jacobian-scale", "1", "G is Gaussian with standard deviation jacobian-scale / sqrt(P); above 0"),
                new("curvature-scale", "1", "Q is Gaussian with standard deviation curvature-scale / P; above 0"),
                new("seed", "1", "seeds y, G and Q"),
            ],
            "0.1,0.1,0.1",
            values =>
                QuadraticRegression.Random(
                    values.Size("outputs", 256),
                    values.Size("parameters", 256),
                    values.Number("jacobian-scale"),
                    values.Number("curvature-scale"),
                    new Random(values.Whole("seed"))
                )
        ),
    ];

    private static Quartic BuildQuartic(ParameterValues values)
    {
        var eigenvalues = values.List("eigenvalues");
        if (values.Text("seed") == "none")
            return Quartic.Separable(eigenvalues, ForAll(values.List("cubic")), ForAll(values.List("quartic")));
        var bounded = values.Text("bounded") switch
        {
            "yes" => true,
            "no" => false,
            var other => throw new ArgumentException($"bounded is '{other}'; it must be yes or no.", "bounded"),
        };
        return Quartic.Random(
            eigenvalues,
            values.Size("cubic-terms"),
            values.Size("quartic-terms"),
            values.Number("strength"),
            bounded,
            new Random(values.Whole("seed"))
        );

        double[] ForAll(double[] list) => list.Length == 1 ? [.. Enumerable.Repeat(list[0], eigenvalues.Length)] : list;
    }
}
