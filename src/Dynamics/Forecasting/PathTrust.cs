using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// The jet held against the surface along the path that it forecasts, before a step is made: (4.16). <see cref="ModelTrust"/> looks along v_1 alone, and passes a jet whose floor bends on the way or whose surface has kinks off v_1.
/// With (u_t, f_t) the path of (4.9), with (4.10) where the jet has the coupling, or of (4.13) for a collocation jet, the sharpness of the local model is compared with the largest eigenvalue of the surface's Hessian at theta + u_t v + Q f_t,
/// which costs some Hessian products from the model's own eigenvector.
/// </summary>
public sealed class PathTrust
{
    /// <summary>The error e_S up to which the forecast of S is believed; set in (4.16) beforehand, on other networks.</summary>
    public const double Believed = 0.01;

    /// <summary>The error e_S above which it is not; set likewise.</summary>
    public const double Refused = 0.03;

    // The largest maxima of |u|: an instability has one, a train of them a few; later ones are of its decay.
    private const int MostMaxima = 4;

    // Lanczos products at each place, from a vector that is the eigenvector if the model is right.
    private const int Products = 8;

    // The eigenvalue is then good to the square of this over the relative gap.
    private const double Tolerance = 1e-3;

    private PathTrust(double error, int points, double cost) => (Error, Points, Cost) = (error, points, cost);

    /// <summary>e_S, the largest difference of the two sharpnesses, relative to the surface's; infinite where the path leaves the finite numbers. The surface's eigenvalue is a Ritz value, and so at most the true one.</summary>
    public double Error { get; }

    /// <summary>The number of places looked at.</summary>
    public int Points { get; }

    /// <summary>What it cost, in gradient-equivalents.</summary>
    public double Cost { get; }

    /// <summary>Whether the forecast of the sharpness may be believed: an error of at most 1 %.</summary>
    public bool Holds => Error <= Believed;

    /// <summary>Whether it may not: an error above 3 %. Between the two it is in doubt.</summary>
    public bool IsRefused => !(Error <= Refused);

    /// <summary>The same answer at another cost, that of all that led to it.</summary>
    internal PathTrust At(double cost) => new(Error, Points, cost);

    /// <summary>Compares at the largest maxima of |u_t|, half way and two steps before the end.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point.</param>
    /// <param name="direction">v, the unit vector of the jet.</param>
    /// <param name="basis">Q, the Krylov vectors of the jet.</param>
    /// <param name="jet">The jet, with its Krylov part.</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="steps">N, the horizon, at least 1.</param>
    /// <param name="start">u_0, where along v the path begins, (4.17).</param>
    public static PathTrust Measure<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector direction,
        IVectorBlock<TVector> basis,
        Jet jet,
        double stepSize,
        int steps,
        double start = 0
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(basis);
        Require.Positive(stepSize);
        Require.InRange(steps, 1);
        var model = LocalModel.Whole(jet);
        var path = ModelPath.Descend(model, stepSize, steps, start: start);
        return Along(surface, theta, direction, basis, model, path, steps);
    }

    /// <summary>Compares along a path of the model, of which it is known how long it should be.</summary>
    internal static PathTrust Along<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector direction,
        IVectorBlock<TVector> basis,
        LocalModel model,
        double[][] path,
        int steps
    )
    {
        if (path.Length <= steps)
            return new PathTrust(double.PositiveInfinity, 0, 0);
        var before = surface.Cost.GradientEquivalents;
        var (space, hessian, random) = (
            surface.Space,
            new double[model.Dimension * model.Dimension],
            new Random(steps)
        );
        TVector place = space.Create(),
            guess = space.Create();
        using var solver = new LanczosEigensolver<TVector>(
            space,
            new LanczosOptions(Tolerance, Products, Trailing: false)
        );
        using var frame = new EigenFrame<TVector>(space, 1);
        var (error, times) = (0.0, Times([.. path.Select(point => Math.Abs(point[0]))]));
        foreach (var t in times)
        {
            model.Hessian(path[t], hessian);
            if (SymmetricEigen.Of(hessian, model.Dimension) is not { } pairs)
            {
                error = double.PositiveInfinity;
                break;
            }

            var last = model.Dimension - 1;
            Lift([.. pairs.Vectors.Column(last)], guess, fromTheta: false);
            Lift(path[t], place, fromTheta: true);
            using var point = surface.At(place);
            solver.Iterate(point.HessianVector, guess, random, frame, trailing: false, default);
            var difference = Math.Abs(pairs.Values[last] - frame.Values[0]) / Math.Abs(frame.Values[0]);
            error = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(error, difference);
        }

        space.Release(place);
        space.Release(guess);
        return new PathTrust(error, times.Length, surface.Cost.GradientEquivalents - before);

        // [theta +] u v + Q f.
        void Lift(double[] reduced, TVector result, bool fromTheta)
        {
            space.Copy(fromTheta ? theta : direction, result);
            space.Axpy(fromTheta ? reduced[0] : reduced[0] - 1, direction, result);
            for (var i = 1; i < reduced.Length; i++)
                space.Axpy(reduced[i], basis[i - 1], result);
        }
    }

    /// <summary>The places: maxima are over two steps on either side, since u changes sign from step to step and one side may swing further.</summary>
    internal static int[] Times(double[] swing)
    {
        var steps = swing.Length - 1;
        var maxima = Enumerable
            .Range(1, steps)
            .Where(t => Enumerable.Range(t - 2, 5).Where(s => s >= 0 && s <= steps).All(s => swing[s] <= swing[t]));
        return
        [
            .. maxima
                .OrderByDescending(t => swing[t])
                .Take(MostMaxima)
                .Append(steps / 2)
                .Append(Math.Max(0, steps - 2))
                .Distinct()
                .Order(),
        ];
    }
}
