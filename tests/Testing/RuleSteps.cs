using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Testing;

/// <summary>The steps of adaptive rules fed with given gradients, in any vector type and by the textbook.</summary>
public static class RuleSteps
{
    /// <summary>The adaptive rules without a clamp, whose steps at eps = 0 do not depend on the scale of the
    /// gradients.</summary>
    public static OptimiserSpec[] ScaleFree(double momentum, double secondDecay) =>
        [
            OptimiserSpec.Of("rmsprop").With("second-decay", secondDecay).With("epsilon", 0),
            OptimiserSpec.Of("adam").With("momentum", momentum).With("second-decay", secondDecay).With("epsilon", 0),
            OptimiserSpec
                .Of("adam")
                .With("momentum", momentum)
                .With("second-decay", secondDecay)
                .With("epsilon", 0)
                .With("bias-correction", Parameter.Off),
        ];

    /// <summary>A rule with those of some parameters that it has.</summary>
    public static OptimiserSpec Rule(string name, params (string Name, string Value)[] parameters)
    {
        var rule = OptimiserSpec.Of(name);
        return parameters
            .Where(p => rule.Values.All.ContainsKey(p.Name))
            .Aggregate(rule, (spec, p) => spec.With(p.Name, p.Value));
    }

    /// <summary>What each gradient moves at step size 1.</summary>
    public static double[][] Of<TVector>(
        IVectorSpace<TVector> space,
        Func<double[], TVector> vector,
        OptimiserSpec spec,
        double[][] gradients
    )
    {
        using var rule = spec.Create(space);
        var steps = new double[gradients.Length][];
        for (var t = 0; t < gradients.Length; t++)
        {
            var (theta, gradient) = (space.Create(), vector([.. gradients[t]]));
            rule.Apply(1, gradient, theta);
            steps[t] = space.ToArray(theta);
            space.Release(theta);
            space.Release(gradient);
        }

        return steps;
    }

    /// <summary>The same by (7.1) as it stands, with the mean of squares: for gradients whose squares are in
    /// range.</summary>
    public static double[][] Textbook(OptimiserSpec spec, double[][] gradients)
    {
        var n = gradients[0].Length;
        double[] m = new double[n],
            v = new double[n];
        var b2 = spec.Values.Number("second-decay");
        var (b1, corrected) =
            spec.Name == "rmsprop"
                ? (0, false)
                : (spec.Values.Number("momentum"), spec.Values.Switch("bias-correction"));
        var steps = new double[gradients.Length][];
        for (var t = 0; t < gradients.Length; t++)
        {
            steps[t] = new double[n];
            for (var i = 0; i < n; i++)
            {
                m[i] = (b1 * m[i]) + ((1 - b1) * gradients[t][i]);
                v[i] = (b2 * v[i]) + ((1 - b2) * gradients[t][i] * gradients[t][i]);
                var mean = corrected ? m[i] / (1 - Math.Pow(b1, t + 1)) : m[i];
                var square = corrected ? v[i] / (1 - Math.Pow(b2, t + 1)) : v[i];
                steps[t][i] = square == 0 ? 0 : -mean / Math.Sqrt(square);
            }
        }

        return steps;
    }

    /// <summary>
    /// A bound on the difference of two routes to the steps, for second decays of at least 1/2, in roundoffs u of the
    /// type. A step of the recurrences rounds m by 3u of the largest gradient G seen
    /// and r by 5u of itself, t steps t times that; r is at least sqrt(1 - b2) b2^(t/2) G, so an error of m weighs at
    /// most its inverse, and the quotient, at most that inverse itself, has r's relative error.
    /// The bias correction multiplies either by at most 1 / (1 - b1).
    /// </summary>
    public static double Tolerance(double momentum, double secondDecay, int steps, double roundoff) =>
        2 * 10 * steps * roundoff / (Math.Sqrt(1 - secondDecay) * Math.Pow(secondDecay, steps / 2.0) * (1 - momentum));
}
