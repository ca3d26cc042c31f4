using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Stability;

/// <summary>
/// Fixed points and periodic orbits by Newton's method on all points at once (multiple shooting), which converges where the n-fold iterate is too steep for it:
/// the unknowns are x_0 ... x_(n-1), the equations f(x_i) = x_(i+1 mod n). A step that does not lower the residual is halved, up to ten times.
/// Once the residual is below the tolerance the steps go on while they halve it, so that the orbit is as good as
/// rounding allows.
/// </summary>
public static class PeriodicOrbits
{
    /// <summary>Finds the orbit near a guess.</summary>
    /// <typeparam name="TMap">The map with its tangents, a struct.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="period">n, at least 1.</param>
    /// <param name="guess">All points one after the other (n d numbers), or the first one (d numbers), from which the others follow by iteration. Finite.</param>
    /// <param name="options">Tolerances.</param>
    /// <returns>The orbit, or the reason why there is none.</returns>
    public static PeriodicOrbit Find<TMap>(
        in TMap map,
        int period,
        ReadOnlySpan<double> guess,
        NewtonOptions? options = null
    )
        where TMap : struct, ITangentMap
    {
        options ??= new NewtonOptions();
        options.Validate();
        Require.InRange(period, 1);
        Require.AllFinite(guess);
        var shooting = new Shooting(map.Dimension, period);
        if (guess.Length == shooting.Size)
            guess.CopyTo(shooting.Points);
        else
        {
            Require.Length(guess.Length, map.Dimension, nameof(guess));
            shooting.Iterate(map, guess);
        }

        shooting.Length = Magnitude.Largest(guess);
        return Newton(map, shooting, options);
    }

    private static PeriodicOrbit Newton<TMap>(in TMap map, Shooting shooting, NewtonOptions options)
        where TMap : struct, ITangentMap
    {
        var system = new LinearSystem(shooting.Size);
        shooting.Evaluate(map);
        for (var iteration = 0; ; iteration++)
        {
            if (!double.IsFinite(shooting.Error))
                return shooting.Result(NewtonEnd.NotFinite, iteration);
            var small = shooting.Error <= options.Tolerance * shooting.Scale;
            // Some roundings of a step: there is nothing left to gain.
            if (small && shooting.Error <= 16 * Roundoff.Unit * shooting.Scale)
                return shooting.Result(NewtonEnd.Converged, iteration);
            if (iteration == options.MaximumIterations)
                return shooting.Result(small ? NewtonEnd.Converged : NewtonEnd.IterationLimit, iteration);
            system.Clear();
            shooting.Fill(system);
            for (var i = 0; i < shooting.Size; i++)
                system.Vector[i] = -shooting.Residual[i];
            if (!system.Solve())
                return shooting.Result(small ? NewtonEnd.Converged : NewtonEnd.Singular, iteration);
            if (!small)
                Advance(map, shooting, system.Vector);
            // A residual may also fall below any tolerance on the way to infinity. Near an orbit, even a root of order
            // four,
            // which a residual of 1e-12 finds to the fourth root of that, the step that is left is a small part of it.
            else if (Magnitude.Largest(system.Vector) > 1e-3 * shooting.Scale)
                return shooting.Result(NewtonEnd.IterationLimit, iteration);
            else if (!Improve(map, shooting, system.Vector))
                return shooting.Result(NewtonEnd.Converged, iteration);
        }
    }

    /// <summary>Takes a step if it halves the residual.</summary>
    private static bool Improve<TMap>(in TMap map, Shooting shooting, double[] step)
        where TMap : struct, ITangentMap
    {
        double[] before = [.. shooting.Points];
        var error = shooting.Error;
        for (var i = 0; i < before.Length; i++)
            shooting.Points[i] += step[i];
        shooting.Evaluate(map);
        if (shooting.Error <= error / 2)
            return true;
        before.CopyTo(shooting.Points, 0);
        shooting.Evaluate(map);
        return false;
    }

    private static void Advance<TMap>(in TMap map, Shooting shooting, double[] step)
        where TMap : struct, ITangentMap
    {
        double[] before = [.. shooting.Points];
        var error = shooting.Error;
        for (var (halving, length) = (0, 1.0); halving <= 10; halving++, length /= 2)
        {
            for (var i = 0; i < before.Length; i++)
                shooting.Points[i] = before[i] + (length * step[i]);
            shooting.Evaluate(map);
            if (shooting.Error < error)
                return;
        }
    }
}
