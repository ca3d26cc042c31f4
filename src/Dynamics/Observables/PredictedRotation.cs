using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// The rotation of v_1 to first order in the displacement, eq. (1.7):
/// dv_1 = sum_{j>=2} [ v_j . (D^3 L[dtheta, v_1, .]) / (lambda_1 - lambda_j) ] v_j.
/// The sum over all other eigenvectors is the solution of (lambda_1 I - H) x = D^3 L[dtheta, v_1, .] on the complement of v_1, where that operator is positive
/// definite, so conjugate gradients give it from Hessian-vector products alone, on landscapes and networks alike.
/// </summary>
public static class PredictedRotation
{
    /// <summary>The predicted dv_1.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="point">The surface at the point that the displacement starts from.</param>
    /// <param name="sharpness">lambda_1 there.</param>
    /// <param name="leading">The unit vector v_1 there.</param>
    /// <param name="displacement">dtheta.</param>
    /// <param name="result">Overwritten with dv_1, orthogonal to v_1.</param>
    /// <param name="tolerance">Relative residual at which conjugate gradients stop, in (0, 1).</param>
    /// <param name="maximumIterations">Upper bound of its Hessian-vector products.</param>
    /// <returns>The norm |dv_1| in radians, to first order the angle of rotation; infinite where lambda_1 is degenerate within rounding, NaN where the iteration did not come within a hundred times the tolerance, NaN where the surface is not finite.</returns>
    public static double Compute<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        double sharpness,
        TVector leading,
        TVector displacement,
        TVector result,
        double tolerance = 1e-10,
        int maximumIterations = 200
    )
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(point);
        Require.Fraction(tolerance);
        var residual = space.Create();
        var exponent = MixedThirdDerivative(space, point, displacement, leading, residual);
        Project(space, leading, residual);
        // The solution is linear in its right-hand side: scaled to a length about 1, exactly, its squares are numbers.
        var length = space.Norm(residual);
        if (length > 0 && double.IsFinite(length))
        {
            space.ScaleByPowerOfTwo(-Math.ILogB(length), residual);
            exponent += Math.ILogB(length);
        }

        var norm = Solve(space, point, sharpness, leading, residual, result, tolerance, maximumIterations);
        space.ScaleByPowerOfTwo(exponent, result);
        space.Release(residual);
        return Math.ScaleB(norm, exponent);
    }

    /// <summary>
    /// result 2^exponent := D^3 L[a, b, .] by polarisation, (D^3 L[(a'+b)^2, .] - D^3 L[(a'-b)^2, .]) / 4 with a' = a
    /// scaled to unit length; returns the exponent.
    /// </summary>
    private static int MixedThirdDerivative<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        TVector a,
        TVector b,
        TVector result
    )
    {
        TVector sum = space.Create(),
            other = space.Create();
        var length = space.Norm(a);
        var exponent = length > 0 && double.IsFinite(length) ? Math.ILogB(length) : 0;
        if (length > 0)
        {
            space.Copy(b, sum);
            space.Axpy(1 / length, a, sum);
            point.DirectionalGradient(sum, 2, result);
            space.Copy(b, sum);
            space.Axpy(-1 / length, a, sum);
            point.DirectionalGradient(sum, 2, other);
            space.Axpy(-1, other, result);
            space.Scale(Math.ScaleB(length, -exponent) / 4, result);
        }
        else
        {
            space.Copy(sum, result);
        }

        space.Release(sum);
        space.Release(other);
        return exponent;
    }

    private static double Solve<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        double sharpness,
        TVector leading,
        TVector residual,
        TVector x,
        double tolerance,
        int maximumIterations
    )
    {
        TVector direction = space.Create(),
            image = space.Create();
        space.Copy(direction, x);
        space.Copy(residual, direction);
        var squared = space.Dot(residual, residual);
        var target = squared * tolerance * tolerance;
        var degenerate = false;
        for (var i = 0; i < maximumIterations && squared > target; i++)
        {
            point.HessianVector(direction, image);
            space.Scale(-1, image);
            space.Axpy(sharpness, direction, image);
            Project(space, leading, image);
            var curvature = space.Dot(direction, image);
            if (curvature <= 64 * space.UnitRoundoff * Math.Abs(sharpness) * space.Dot(direction, direction))
            {
                degenerate = true;
                break;
            }

            space.Axpy(squared / curvature, direction, x);
            space.Axpy(-squared / curvature, image, residual);
            var next = space.Dot(residual, residual);
            space.Scale(next / squared, direction);
            space.Axpy(1, residual, direction);
            squared = next;
        }

        space.Release(direction);
        space.Release(image);
        if (degenerate)
            return double.PositiveInfinity;
        // Not solved within the iterations allowed (or not finite): no number is better than a wrong one.
        return squared <= target * 1e4 ? space.Norm(x) : double.NaN;
    }

    private static void Project<TVector>(IVectorSpace<TVector> space, TVector unit, TVector x) =>
        space.Axpy(-space.Dot(unit, x), unit, x);
}
