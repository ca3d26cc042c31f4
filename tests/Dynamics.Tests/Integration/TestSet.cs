namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>
/// Problems of the test set of Hull, Enright, Fellen and Sedgwick (1972), each from t = 0 to 20 with its solution at 20: in closed form, or (B1, B3, E2, E3) from Gragg-Bulirsch-Stoer extrapolation in 45-digit arithmetic, with 200 basic steps of nine columns
/// (160 steps agree to 1e-18), which shares no coefficient with the methods tested.
/// </summary>
internal static class TestSet
{
    public const double End = 20;

    public static IReadOnlyList<Problem> All { get; } =
    [
        new("A1 decay", [1], (t, x, d) => d[0] = -x[0], [Math.Exp(-End)]),
        new("A2 Riccati", [1], (t, x, d) => d[0] = -x[0] * x[0] * x[0] / 2, [1 / Math.Sqrt(1 + End)]),
        new("A3 oscillation", [1], (t, x, d) => d[0] = x[0] * Math.Cos(t), [Math.Exp(Math.Sin(End))]),
        new(
            "A4 logistic",
            [1],
            (t, x, d) => d[0] = x[0] / 4 * (1 - (x[0] / 20)),
            [20 / (1 + (19 * Math.Exp(-End / 4)))]
        ),
        new("A5 spiral", [4], (t, x, d) => d[0] = (x[0] - t) / (x[0] + t), [Spiral()]),
        new(
            "B1 conflict",
            [1, 3],
            (t, x, d) => (d[0], d[1]) = (2 * (x[0] - (x[0] * x[1])), -(x[1] - (x[0] * x[1]))),
            [0.6761876008576606, 0.18608160996400297]
        ),
        new(
            "B2 linear reaction",
            [2, 0, 1],
            (t, x, d) => (d[0], d[1], d[2]) = (x[1] - x[0], x[0] - (2 * x[1]) + x[2], x[1] - x[2]),
            [
                1 + (0.5 * Math.Exp(-End)) + (0.5 * Math.Exp(-3 * End)),
                1 - Math.Exp(-3 * End),
                1 - (0.5 * Math.Exp(-End)) + (0.5 * Math.Exp(-3 * End)),
            ]
        ),
        new(
            "B3 nonlinear reaction",
            [1, 0, 0],
            (t, x, d) => (d[0], d[1], d[2]) = (-x[0], x[0] - (x[1] * x[1]), x[1] * x[1]),
            [2.061153622438558e-09, 0.05257228022048512, 0.9474277177183612]
        ),
        new(
            "B4 torus",
            [3, 0, 0],
            Torus,
            [(2 + Math.Cos(End)) * Math.Cos(End), (2 + Math.Cos(End)) * Math.Sin(End), Math.Sin(End)]
        ),
        new(
            "B5 rigid body",
            [0, 1, 1],
            (t, x, d) => (d[0], d[1], d[2]) = (x[1] * x[2], -x[0] * x[2], -0.51 * x[0] * x[1]),
            Jacobi(End, 0.51)
        ),
        new("C1 decay chain", First(10), (t, x, d) => Chain(x, d, _ => 1), Poisson()),
        new("C2 decay chain", First(10), (t, x, d) => Chain(x, d, i => i + 1), Yule()),
        new("C3 heat", First(10), Heat, HeatEnd()),
        .. new[] { 0.1, 0.3, 0.5, 0.7, 0.9 }.Select(
            (e, i) => new Problem($"D{i + 1} orbit", [1 - e, 0, 0, Math.Sqrt((1 + e) / (1 - e))], Orbit, Kepler(End, e))
        ),
        new(
            "E1 Bessel",
            Bessel(0),
            (t, x, d) => (d[0], d[1]) = (x[1], -((x[1] / (t + 1)) + ((1 - (0.25 / ((t + 1) * (t + 1)))) * x[0]))),
            Bessel(End)
        ),
        new(
            "E2 van der Pol",
            [2, 0],
            (t, x, d) => (d[0], d[1]) = (x[1], ((1 - (x[0] * x[0])) * x[1]) - x[0]),
            [2.0081497621749484, -0.04250887527320215]
        ),
        new(
            "E3 Duffing",
            [0, 0],
            (t, x, d) => (d[0], d[1]) = (x[1], (x[0] * x[0] * x[0] / 6) - x[0] + (2 * Math.Sin(2.78535 * t))),
            [-0.10041788586472407, 0.24114001320959555]
        ),
        new(
            "E4 falling body",
            [30, 0],
            (t, x, d) => (d[0], d[1]) = (x[1], 0.032 - (0.4 * x[1] * x[1])),
            [
                30 + (Math.Log(Math.Cosh(Math.Sqrt(0.0128) * End)) / 0.4),
                Math.Sqrt(0.08) * Math.Tanh(Math.Sqrt(0.0128) * End),
            ]
        ),
        new(
            "E5 pursuit",
            [0, 0],
            (t, x, d) => (d[0], d[1]) = (x[1], Math.Sqrt(1 + (x[1] * x[1])) / (25 - t)),
            [0.5 * ((25 * Math.Log(5)) - (((25 * End) - (End * End / 2)) / 25)), 2.4]
        ),
    ];

    public static Problem Named(string name) => All.Single(p => p.Name == name);

    private static double[] First(int n) => [1, .. new double[n - 1]];

    /// <summary>In polar coordinates t = r cos w, x = r sin w the solution is r = 4 e^(pi/2 - w); t rises as w falls from pi/2 to -pi/4.</summary>
    private static double Spiral()
    {
        var (low, high) = (-Math.PI / 4, Math.PI / 2);
        for (var i = 0; i < 100; i++)
        {
            var w = (low + high) / 2;
            if (4 * Math.Exp((Math.PI / 2) - w) * Math.Cos(w) > End)
                low = w;
            else
                high = w;
        }

        return 4 * Math.Exp((Math.PI / 2) - low) * Math.Sin(low);
    }

    private static void Torus(double t, ReadOnlySpan<double> x, Span<double> d)
    {
        var r = Math.Sqrt((x[0] * x[0]) + (x[1] * x[1]));
        (d[0], d[1], d[2]) = (-x[1] - (x[0] * x[2] / r), x[0] - (x[1] * x[2] / r), x[0] / r);
    }

    private static void Chain(ReadOnlySpan<double> x, Span<double> d, Func<int, double> rate)
    {
        var inflow = 0.0;
        for (var i = 0; i < d.Length; i++)
        {
            var outflow = i + 1 < d.Length ? rate(i) * x[i] : 0;
            d[i] = inflow - outflow;
            inflow = outflow;
        }
    }

    private static double[] Poisson()
    {
        var term = Math.Exp(-End);
        var x = new double[10];
        for (var i = 0; i < 9; i++)
        {
            x[i] = term;
            term *= End / (i + 1);
        }

        x[9] = 1 - x.Sum();
        return x;
    }

    private static double[] Yule() =>
        [
            .. Enumerable.Range(0, 9).Select(i => Math.Exp(-End) * Math.Pow(1 - Math.Exp(-End), i)),
            Math.Pow(1 - Math.Exp(-End), 9),
        ];

    private static void Heat(double t, ReadOnlySpan<double> x, Span<double> d)
    {
        for (var i = 0; i < d.Length; i++)
            d[i] = (i > 0 ? x[i - 1] : 0) - (2 * x[i]) + (i + 1 < d.Length ? x[i + 1] : 0);
    }

    /// <summary>The sines sin(i k pi/11) are the eigenvectors, -4 sin^2(k pi/22) the eigenvalues.</summary>
    private static double[] HeatEnd() =>
        [
            .. Enumerable
                .Range(1, 10)
                .Select(i =>
                    Enumerable
                        .Range(1, 10)
                        .Sum(k =>
                            2.0
                            / 11
                            * Math.Sin(k * Math.PI / 11)
                            * Math.Sin(i * k * Math.PI / 11)
                            * Math.Exp(-4 * End * Math.Pow(Math.Sin(k * Math.PI / 22), 2))
                        )
                ),
        ];

    private static void Orbit(double t, ReadOnlySpan<double> x, Span<double> d)
    {
        var r = Math.Sqrt((x[0] * x[0]) + (x[1] * x[1]));
        (d[0], d[1], d[2], d[3]) = (x[2], x[3], -x[0] / (r * r * r), -x[1] / (r * r * r));
    }

    /// <summary>Kepler's equation u - e sin u = t by bisection.</summary>
    private static double[] Kepler(double t, double e)
    {
        var (low, high) = (t - e, t + e);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            if (middle - (e * Math.Sin(middle)) < t)
                low = middle;
            else
                high = middle;
        }

        var (u, rate) = (low, 1 / (1 - (e * Math.Cos(low))));
        return
        [
            Math.Cos(u) - e,
            Math.Sqrt(1 - (e * e)) * Math.Sin(u),
            -Math.Sin(u) * rate,
            Math.Sqrt(1 - (e * e)) * Math.Cos(u) * rate,
        ];
    }

    /// <summary>sn, cn, dn by descending Landen transformations (arithmetic-geometric mean).</summary>
    private static double[] Jacobi(double u, double m)
    {
        var (a, b, means) = (1.0, Math.Sqrt(1 - m), new List<(double A, double C)>());
        for (var i = 0; i < 6; i++)
        {
            means.Add(((a + b) / 2, (a - b) / 2));
            (a, b) = ((a + b) / 2, Math.Sqrt(a * b));
        }

        var phi = Math.Pow(2, means.Count) * a * u;
        for (var i = means.Count - 1; i >= 0; i--)
            phi = (phi + Math.Asin(means[i].C / means[i].A * Math.Sin(phi))) / 2;
        return [Math.Sin(phi), Math.Cos(phi), Math.Sqrt(1 - (m * Math.Sin(phi) * Math.Sin(phi)))];
    }

    /// <summary>J_(1/2)(s) = sqrt(2/(pi s)) sin s and its derivative, at s = t + 1.</summary>
    private static double[] Bessel(double t)
    {
        var s = t + 1;
        var size = Math.Sqrt(2 / (Math.PI * s));
        return [size * Math.Sin(s), size * (Math.Cos(s) - (Math.Sin(s) / (2 * s)))];
    }

    /// <summary>A problem of the set.</summary>
    internal sealed record Problem(string Name, double[] Start, DelegateFlow.RightHandSide Function, double[] Solution)
    {
        public DelegateFlow Flow => new(Start.Length, Function);
    }
}
