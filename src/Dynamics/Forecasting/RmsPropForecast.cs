using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// The rule let go on the model of a jet in the metric P_0 of its preconditioner at the reference point, (4.28): the
/// gradient of the model is lifted into the whole space, where the rule itself keeps its roots and makes its step, of
/// which the model sees what lies in its follower.
/// </summary>
internal static class RmsPropForecast
{
    /// <summary>
    /// Forecasts; without the cubic of the knots where that alone takes the path out of the model. And says how far the
    /// model agrees with the surface along this path, (4.16), with P_0 on either side.
    /// </summary>
    /// <param name="surface">The surface in the metric.</param>
    /// <param name="theta">The reference point there.</param>
    /// <param name="jet">The jet there.</param>
    /// <param name="direction">v, a unit vector in the metric.</param>
    /// <param name="basis">Q, likewise.</param>
    /// <param name="root">The diagonal of P_0^(-1/2).</param>
    /// <param name="rule">The rule as it stands at the reference point; it is left as it is.</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="steps">The horizon T.</param>
    /// <returns>u in the metric, L and S_eff with the rule's own P for each step, NaN from where the path leaves the model; and the check.</returns>
    public static (List<(double Displacement, double Loss, double Sharpness)> Path, PathTrust Trust) LetGo<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        Jet jet,
        TVector direction,
        IVectorBlock<TVector> basis,
        TVector root,
        AdaptiveRule<TVector> rule,
        double stepSize,
        int steps
    )
    {
        var space = surface.Space;
        var (model, places, points) = Path(jet);
        if (places.Count <= steps && jet.Krylov!.Cubic is not null)
            (model, places, points) = Path(jet with { Krylov = jet.Krylov with { Cubic = null } });
        points.AddRange(Enumerable.Repeat((double.NaN, double.NaN, double.NaN), steps + 1 - points.Count));
        return (points, PathTrust.Along(surface, theta, direction, basis, model, [.. places], steps));

        (LocalModel Model, List<double[]> Places, List<(double, double, double)> Points) Path(Jet of)
        {
            var model = LocalModel.Whole(of);
            using var own = rule.Copy();
            using var follower = new Follower<TVector>(space, direction, basis, root, model.Dimension);
            List<double[]> places = [];
            List<(double, double, double)> points = [];
            var (place, gradient) = (new double[model.Dimension], new double[model.Dimension]);
            while (places.Count <= steps && place.All(double.IsFinite))
            {
                places.Add([.. place]);
                points.Add((place[0], of.Loss + model.LossChange(place), follower.Sharpness(model, place, own)));
                model.Gradient(place, gradient);
                follower.Step(own, stepSize, gradient, place);
            }

            return (model, places, points);
        }
    }

    /// <summary>The span of v and Q in the whole space, and the way that the rule has gone there.</summary>
    private sealed class Follower<TVector>(
        IVectorSpace<TVector> space,
        TVector direction,
        IVectorBlock<TVector> basis,
        TVector root,
        int dimension
    ) : IDisposable
    {
        private readonly IVectorBlock<TVector> _scaled = space.CreateBlock(dimension);
        private readonly TVector _way = space.Create(),
            _work = space.Create();
        private readonly double[] _hessian = new double[dimension * dimension],
            _metric = new double[dimension * dimension];

        /// <summary>place := that after a step of the rule.</summary>
        public void Step(AdaptiveRule<TVector> rule, double stepSize, double[] gradient, double[] place)
        {
            // g = P_0^(1/2) (v, Q) grad Phi.
            space.Copy(direction, _work);
            space.Scale(gradient[0], _work);
            basis.Accumulate(gradient.AsSpan(1), _work);
            space.Divide(_work, root, _work);
            rule.Apply(stepSize, _work, _way);
            // (u, f) = (v, Q)^T P_0^(1/2) of all steps so far.
            space.Divide(_way, root, _work);
            place[0] = space.Dot(direction, _work);
            basis.Project(_work, place.AsSpan(1));
        }

        /// <summary>
        /// The largest eigenvalue of P^(-1/2) H P^(-1/2) with H that of the model, and 0 off its span: that of R^T Phi''
        /// R with R R^T = B^T P_0^(1/2) P^(-1) P_0^(1/2) B, B = (v, Q).
        /// </summary>
        public double Sharpness(LocalModel model, double[] place, AdaptiveRule<TVector> rule)
        {
            var n = dimension;
            rule.TryPrecondition(_work);
            space.Divide(_work, root, _work);
            for (var i = 0; i < n; i++)
            {
                space.Multiply(_work, i == 0 ? direction : basis[i - 1], _scaled[i]);
                _scaled.Project(_scaled[i], _metric.AsSpan(i * n, i + 1));
                for (var j = 0; j < i; j++)
                    _metric[(j * n) + i] = _metric[(i * n) + j];
            }

            if (SymmetricEigen.Of(_metric, n) is not { } pairs)
                return double.NaN;
            model.Hessian(place, _hessian);
            // R = E sqrt(D) of the eigenvectors E; rounding may take a value of 0 below it.
            var across = pairs.Vectors.Clone();
            for (var i = 0; i < n; i++)
                across.SetColumn(i, Math.Sqrt(Math.Max(0, pairs.Values[i])) * pairs.Vectors.Column(i));
            var product = across.TransposeThisAndMultiply(Matrix<double>.Build.Dense(n, n, _hessian) * across);
            return SymmetricEigen.Leading(((product + product.Transpose()) / 2).ToColumnMajorArray(), n).Value;
        }

        public void Dispose()
        {
            _scaled.Dispose();
            space.Release(_way);
            space.Release(_work);
        }
    }
}
