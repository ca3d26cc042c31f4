using System.Numerics.Tensors;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>What descent on the UV model does from a small f at y = 0, eq. (6.3).</summary>
public enum CatapultRegion
{
    /// <summary>eta lambda below 2: f decays, lambda hardly moves.</summary>
    Lazy,

    /// <summary>eta lambda from 2 to 4: f grows, lambda falls, and the run settles at a flatter minimum.</summary>
    Catapult,

    /// <summary>eta lambda from 4 on: f and lambda grow without bound.</summary>
    Divergent,
}

/// <summary>
/// Gradient descent on the UV model in the two numbers that matter, eq. (6.3): d+ = d (1 - eta lambda + eta^2 d f / n), lambda+ = lambda + (eta d^2 / n)(eta lambda - 4 f / d), f = d + y.
/// Written without the division: lambda+ = lambda + (eta d / n)(eta lambda d - 4 f). State (d, lambda). For y = 0 it is the coupled map (3.7) with f = 2 sqrt(n) Theta and lambda = 2 s.
/// </summary>
public readonly record struct CatapultMap : IDiscreteMap
{
    /// <summary>Makes the map.</summary>
    /// <param name="stepSize">eta, above 0.</param>
    /// <param name="width">n, finite and above 0. The model's own width is a whole number; a residual of curvature Q with Q^2 = I / n need not have one.</param>
    /// <param name="target">y, finite.</param>
    public CatapultMap(double stepSize, double width, double target) =>
        (StepSize, Width, Target) = (Require.Positive(stepSize), Require.Positive(width), Require.Finite(target));

    /// <summary>eta.</summary>
    public double StepSize { get; }

    /// <summary>n.</summary>
    public double Width { get; }

    /// <summary>y.</summary>
    public double Target { get; }

    /// <inheritdoc/>
    public int Dimension => 2;

    /// <summary>The region of eta lambda at y = 0.</summary>
    /// <param name="stepSize">eta, above 0.</param>
    /// <param name="kernel">lambda, finite and at least 0.</param>
    /// <returns>The region; the thresholds 2 and 4 belong to the upper one.</returns>
    public static CatapultRegion Region(double stepSize, double kernel) =>
        (Require.Positive(stepSize) * Require.Finite(Require.NotNegative(kernel))) switch
        {
            < 2 => CatapultRegion.Lazy,
            < 4 => CatapultRegion.Catapult,
            _ => CatapultRegion.Divergent,
        };

    /// <summary>
    /// The leading eigenvalue of the Hessian J^T J + d Q. On span{J, QJ}, in the eigenvectors of Q, it is [[a^2 + e, a b], [a b, b^2 - e]] with e = d / sqrt(n), a^2 + b^2 = lambda and a^2 - b^2 = 2 f / sqrt(n):
    /// lambda/2 + sqrt( lambda^2/4 + d (d + 2 f)/n ), and since lambda is at least 2 |f| / sqrt(n) that is not below |e|, all that the other directions have.
    /// </summary>
    /// <param name="error">d.</param>
    /// <param name="kernel">lambda.</param>
    public double Sharpness(double error, double kernel) =>
        (kernel / 2) + Math.Sqrt(Math.Max(0, (kernel * kernel / 4) + (error * ((3 * error) + (2 * Target)) / Width)));

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var (d, kernel) = (current[0], current[1]);
        var f = d + Target;
        next[0] = d * (1 - (StepSize * kernel) + (StepSize * StepSize * d * f / Width));
        next[1] = kernel + (StepSize * d / Width * ((StepSize * kernel * d) - (4 * f)));
    }
}

/// <summary>
/// The catapult as a theory [R: Lewkowycz et al. 2020; Kalra et al. 2023, UV model], eq. (6.3): d+ = d (1 - eta lambda + eta^2 d f / n), lambda+ = lambda + (eta d / n)(eta lambda d - 4 f), f = d + y.
/// A residual z with one component is a UV model, up to a shift and a rotation of the parameters, where its curvature has Q^2 = I / n on span{J, QJ}. All that the map needs are then inner products:
/// d = z, lambda = |J|^2, 1/n = |QJ|^2 / |J|^2, f = n J . QJ / 2, y = f - d.
/// Forecasts loss d^2 / 2 and sharpness; says nothing of single coordinates, so there is no displacement.
/// Domain: one quadratic residual of that kind, with J not 0. Validity: how far the residual is from that kind, |Q^2 J - J/n| / |J/n|: rounding alone where the theory forecasts.
/// </summary>
public sealed class CatapultTheory : ITheory
{
    // |Q^2 J - J/n| relative to |J/n|. Measured it is a few hundred roundings where the form holds, and of order 1 where it does not.
    private const double Tolerance = 1e-8;

    /// <inheritdoc/>
    public string Name => "catapult";

    /// <inheritdoc/>
    public string Summary => "UV model: error and kernel of a bilinear output, eq. (6.3)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Direction: false, Residuals: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.OwnLandscape;

    /// <inheritdoc/>
    public TheoryStanding Standing =>
        new(TheoryFamily.OwnLandscape, TheoryOrigin.Rival, "Lewkowycz et al. 2020; Kalra et al. 2023");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var residual = jet.Residuals!;
        if (residual.Outputs != 1)
            return Forecast.Decline(Name, $"the surface has {residual.Outputs} residuals; the UV model has one");
        if (!residual.IsQuadratic)
            return Forecast.Decline(Name, "the residual is not quadratic; that of the UV model is bilinear");
        var (kernel, twist, mismatch, inverseWidth) = Invariants(residual);
        if (!(kernel > 0))
            return Forecast.Decline(Name, "the residual's gradient vanishes: neither n nor f can be read off");
        if (!(inverseWidth > 0 && mismatch <= Tolerance))
            return Forecast.Decline(
                Name,
                $"the residual is not bilinear: Q^2 J differs from J / n by a relative {mismatch:G3}"
            );
        var error = residual.Residuals[0];
        var map = new CatapultMap(stepSize, 1 / inverseWidth, (twist / (2 * inverseWidth)) - error);
        var orbit = Orbit.Record(map, [error, kernel], steps);
        double[] sharpness = new double[steps + 1],
            loss = new double[steps + 1],
            validity = new double[steps + 1];
        for (var t = 0; t <= steps; t++)
        {
            sharpness[t] = map.Sharpness(orbit[0][t], orbit[1][t]);
            loss[t] = orbit[0][t] * orbit[0][t] / 2;
        }

        Array.Fill(validity, mismatch);
        return new Forecast(Name, null, [], sharpness, loss, validity);
    }

    /// <summary>|J|^2, J . QJ, |Q^2 J - J/n| / |J/n| and 1/n.</summary>
    private static (double Kernel, double Twist, double Mismatch, double InverseWidth) Invariants(ResidualJet residual)
    {
        var jacobian = residual.Jacobian;
        double[] once = Image(jacobian),
            twice = Image(once);
        var kernel = TensorPrimitives.SumOfSquares(jacobian);
        var inverseWidth = TensorPrimitives.SumOfSquares(once) / kernel;
        TensorPrimitives.MultiplyAdd(jacobian, -inverseWidth, twice, twice);
        return (
            kernel,
            TensorPrimitives.Dot(jacobian, once),
            TensorPrimitives.Norm(twice) / (inverseWidth * Math.Sqrt(kernel)),
            inverseWidth
        );

        double[] Image(double[] x) =>
            [
                .. Enumerable
                    .Range(0, x.Length)
                    .Select(i => TensorPrimitives.Dot(residual.Curvature.AsSpan(i * x.Length, x.Length), x)),
            ];
    }
}
