using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// A jet that looks at the surface over the swing of u instead of expanding it at a point, (4.11) to (4.15): gradients
/// and Hessian products alone. It fills the same <see cref="Jet"/> as the Taylor jet, with K = 6, and every theory that
/// runs on the measured floor runs on it. It depends on the step size and the horizon, since the swing is that of the
/// run that is forecast.
/// </summary>
public static class CollocationJet
{
    /// <summary>The order K of every collocation jet.</summary>
    public const int Order = 6;

    // Columns on all passes but the last, whose forecast is of the swing alone.
    private const int FirstColumns = 8;

    // A forecast counts as far as this many times the swing that it was made from.
    private const double Trusted = 10;
    private const int MostHalvings = 10;

    private const double Margin = 1.1,
        MostSkew = 4;

    /// <summary>Measures the jet along a direction.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point; it must not change meanwhile.</param>
    /// <param name="point">The surface there.</param>
    /// <param name="direction">The unit vector v.</param>
    /// <param name="basis">Overwritten with Q, as far as it goes; its capacity is r.</param>
    /// <param name="stepSize">The step size eta of the run that is forecast, finite and above 0.</param>
    /// <param name="steps">Its horizon, at least 1.</param>
    /// <param name="options">What is measured.</param>
    /// <param name="trailing">The smallest Hessian eigenvalue, or NaN when not known.</param>
    /// <param name="gap">lambda_1 - lambda_2, or NaN when not known.</param>
    /// <returns>The jet, with its floor; <see cref="Jet.Swing"/> says over which u it holds.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Jet Along<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        ISurfacePoint<TVector> point,
        TVector direction,
        IVectorBlock<TVector> basis,
        double stepSize,
        int steps,
        CollocationOptions options,
        double trailing = double.NaN,
        double gap = double.NaN
    ) => Along(surface, theta, point, direction, basis, new JetRuns([stepSize], steps), options, trailing, gap);

    /// <summary>Measures the jet along a direction, for several runs.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point; it must not change meanwhile.</param>
    /// <param name="point">The surface there.</param>
    /// <param name="direction">The unit vector v.</param>
    /// <param name="basis">Overwritten with Q, as far as it goes; its capacity is r.</param>
    /// <param name="runs">The runs that are forecast.</param>
    /// <param name="options">What is measured.</param>
    /// <param name="trailing">The smallest Hessian eigenvalue, or NaN when not known.</param>
    /// <param name="gap">lambda_1 - lambda_2, or NaN when not known.</param>
    /// <returns>The jet, with its floor; <see cref="Jet.Swing"/> says over which u it holds.</returns>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Jet Along<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        ISurfacePoint<TVector> point,
        TVector direction,
        IVectorBlock<TVector> basis,
        JetRuns runs,
        CollocationOptions options,
        double trailing = double.NaN,
        double gap = double.NaN
    ) => Along(surface, theta, point, direction, basis, runs, options, trailing, gap, null, null);

    /// <summary>
    /// The same with further vectors that the Krylov basis starts from, null for none, and with the motion on the model
    /// within a reach of |u| that sets swing and knots, null for gradient descent from the start of each run.
    /// </summary>
    internal static Jet Along<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        ISurfacePoint<TVector> point,
        TVector direction,
        IVectorBlock<TVector> basis,
        JetRuns runs,
        CollocationOptions options,
        double trailing,
        double gap,
        IVectorBlock<TVector>? further,
        Func<LocalModel, double, double[][]>? descend
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(basis);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(options);
        runs.Validate();
        options.Validate();
        var space = surface.Space;
        using var line = new SwingLine<TVector>(surface, theta, point, direction);
        FloorColumns<TVector>? floor = null;
        var (growing, grown, halvings, longest) = (true, false, MostHalvings, 0);
        double[][,] stiffnesses = [];
        var reach = Math.Max(line.FirstReach(runs.StepSizes.Max()), Margin * Math.Abs(runs.Start));
        var (low, high) = (-reach, reach);
        for (var pass = 0; ; )
        {
            if (reach > 0 && !(line.Look(low, high) && (!grown || line.Leads)) && halvings-- > 0)
            {
                (low, high, growing) = (low / 2, high / 2, false);
                continue;
            }

            floor ??= Floor();
            if (reach > 0)
                stiffnesses = line.Stiffnesses(
                    floor,
                    pass < options.Refinements ? Math.Min(FirstColumns, options.Columns) : options.Columns
                );
            var jet = Assemble(null);
            var swing = Math.Max(-low, high);
            var trusted = reach > 0 ? Trusted * swing : double.PositiveInfinity;
            var model = LocalModel.Whole(jet);
            double[][][] paths = descend is not null
                ? [descend(model, trusted)]
                : [.. runs.StepSizes.Select(eta => ModelPath.Descend(model, eta, runs.Steps, trusted, runs.Start))];
            var whole = paths.All(path => path.Length > runs.Steps);
            var carried = paths.Sum(path => path.Length);
            // A longer swing is what was missing for as long as it carries the forecasts further.
            growing &= !whole && reach > 0 && carried > longest;
            longest = carried;
            if (growing)
                (low, high, grown) = (-trusted, trusted, true);
            else if (reach == 0 || pass == options.Refinements)
                return options.Knots ? Assemble(Knots(paths, floor)) : jet;
            else
                (pass, grown, (low, high)) = (pass + 1, false, Next(paths, line.Shortest, whole ? trusted : swing));
        }

        FloorColumns<TVector> Floor()
        {
            using var starts = line.Starts(further);
            return new FloorColumns<TVector>(
                space,
                basis,
                KrylovBasis.Build(space, point, direction, starts, basis).Hessian
            );
        }

        Jet Assemble(double[]? cubic)
        {
            var (gradients, slope) = line.Gradients(basis, floor!.Count);
            var (coupling, bending) = Quadratic(stiffnesses, line.Low, line.High, floor.Count);
            return line.Jet(point.Loss, trailing, gap) with
            {
                Krylov = new KrylovJet(floor.Stiffness, gradients, slope)
                {
                    Coupling = coupling,
                    Bending = bending,
                    Cubic = cubic,
                },
                Residuals = ResidualJet.Measure(space, point, direction),
            };
        }

        // The knots are of the run in the middle of those that the jet carries to the end.
        double[]? Knots(double[][][] paths, FloorColumns<TVector> floor)
        {
            double[][][] whole = [.. paths.Where(path => path.Length > runs.Steps)];
            if (whole.Length == 0)
                return null;
            var (path, steps) = (whole[whole.Length / 2], runs.Steps);
            var first = Math.Min(ModelPath.Peak(path), steps / 3);
            var (span, kept) = FloorKnots.Independent([Mean(path, Math.Min(first, steps - 1)), Mean(path, steps - 1)]);
            if (kept.Length == 0)
                return null;
            var place = space.Create();
            var differences = kept.Select(knot =>
            {
                space.Copy(theta, place);
                basis.Accumulate(knot, place);
                using var there = surface.At(place);
                return floor.Difference(there, options.Columns);
            });
            var cubic = FloorKnots.Cubic(span, kept, [.. differences]);
            space.Release(place);
            return cubic;
        }
    }

    /// <summary>1.1 times the range of u as far as it is within a limit, kept away from rounding and from one-sidedness.</summary>
    private static (double Low, double High) Next(double[][][] paths, double shortest, double limit)
    {
        // 0 is a node, whatever the paths are.
        double[] inside = [0, .. paths.SelectMany(path => path).Select(y => y[0]).Where(u => Math.Abs(u) <= limit)];
        var (low, high) = (-Margin * inside.Min(), Margin * inside.Max());
        var longest = Math.Max(Math.Max(low, high), shortest);
        return (-Math.Max(low, longest / MostSkew), Math.Max(high, longest / MostSkew));
    }

    /// <summary>f half way between two steps.</summary>
    private static double[] Mean(double[][] path, int t) =>
        [.. path[t].Skip(1).Zip(path[t + 1].Skip(1), (a, b) => (a + b) / 2)];

    /// <summary>C and C_2 of the quadratic through T_a, T_0 and T_b.</summary>
    private static (double[,] Coupling, double[,] Bending) Quadratic(
        double[][,] differences,
        double low,
        double high,
        int count
    )
    {
        var (coupling, bending) = (new double[count, count], new double[count, count]);
        if (differences.Length == 0)
            return (coupling, bending);
        for (var i = 0; i < count; i++)
        for (var j = 0; j < count; j++)
        {
            var (left, right) = (differences[0][i, j] / low, differences[1][i, j] / high);
            var half = (right - left) / (high - low);
            (coupling[i, j], bending[i, j]) = (left - (low * half), 2 * half);
        }

        return (coupling, bending);
    }
}
