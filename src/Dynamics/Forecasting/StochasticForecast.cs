using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>Stochastic gradient descent as a jet forecasts it, (4.19): the motion (4.13) on the local model with the noise of a batch added to its gradient.</summary>
public static class StochasticForecast
{
    /// <summary>Makes the draws.</summary>
    /// <param name="jet">The jet, with its Krylov part.</param>
    /// <param name="noise">The noise in the jet's coordinates.</param>
    /// <param name="options">Minibatches and draws.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="steps">The horizon T, at least 1.</param>
    /// <returns>S, u and L of each draw; the same bits whatever the number of threads.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The noise is not of the jet's coordinates.</exception>
    public static StochasticPaths Draw(
        Jet jet,
        SampleNoise noise,
        StochasticOptions options,
        double stepSize,
        int steps
    )
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(stepSize);
        Require.InRange(steps, 1);
        options.Validate(noise.Samples);
        var model = LocalModel.Whole(jet);
        Require.Length(noise.Dimension, model.Dimension, nameof(noise));
        var paths = new StochasticPaths(options.Draws, steps);
        Parallel.For(0, options.Draws, draw => Run(model, jet.Loss, noise, options, stepSize, draw, paths));
        return paths;
    }

    private static void Run(
        LocalModel model,
        double loss,
        SampleNoise noise,
        StochasticOptions options,
        double stepSize,
        int draw,
        StochasticPaths paths
    )
    {
        var (plan, n) = (options.OfForecast(draw), model.Dimension);
        var (sampler, random) = (plan.Sampler(noise.Samples), new Random(plan.Seed));
        double[] point = new double[n],
            next = new double[n],
            push = new double[n],
            hessian = new double[n * n];
        for (var t = 0; ; t++)
        {
            paths.Displacement[draw][t] = point[0];
            paths.Loss[draw][t] = loss + model.LossChange(point);
            model.Hessian(point, hessian);
            paths.Sharpness[draw][t] = SymmetricEigen.Leading(hessian, n).Value;
            if (t == paths.Steps)
                return;
            if (options.Noise == BatchNoise.Samples)
                noise.Mean(sampler.At(t), point[0], push);
            else
                noise.Gaussian(random, plan.Variance(noise.Samples), push);
            model.Descend(point, stepSize, next);
            for (var i = 0; i < n; i++)
                next[i] -= stepSize * push[i];
            if (!double.IsFinite(model.LossChange(next)))
                return;
            (point, next) = (next, point);
        }
    }
}
