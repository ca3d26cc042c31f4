namespace FlatBias.Quadratic.Landscapes;

/// <summary>A point of a two-parameter network with what section 3 says of it.</summary>
/// <param name="First">theta_1.</param>
/// <param name="Second">theta_2.</param>
/// <param name="Slope">z'(Theta).</param>
/// <param name="Curvature">z''(Theta).</param>
public readonly record struct TwoParameterState(double First, double Second, double Slope, double Curvature)
{
    /// <summary>Theta = theta_1 theta_2.</summary>
    public double Product => First * Second;

    /// <summary>s = theta_1^2 + theta_2^2.</summary>
    public double SquaredNorm => (First * First) + (Second * Second);

    /// <summary>The imbalance D = theta_2^2 - theta_1^2, conserved by gradient flow.</summary>
    public double Imbalance => (Second - First) * (Second + First);

    /// <summary>beta = D z'' / (2 (z' + Theta z'')), eq. (3.4): tan(2 phi) = 1 / beta for the leading eigenvector's angle phi.</summary>
    public double Beta => Imbalance * Curvature / (2 * (Slope + (Product * Curvature)));

    /// <summary>The angle phi of the leading eigenvector to the axis of theta_1, eq. (3.4), in radians in (-pi/2, pi/2].</summary>
    public double LeadingAngle => Math.Atan2(2 * (Slope + (Product * Curvature)), Curvature * Imbalance) / 2;

    /// <summary>The component ratio R = |beta| + sqrt(beta^2 + 1) of the leading eigenvector, larger component over smaller, eq. (3.4).</summary>
    public double ComponentRatio => Math.Abs(Beta) + Math.Sqrt((Beta * Beta) + 1);

    /// <summary>lambda_+ and lambda_- of eq. (3.4).</summary>
    public (double Leading, double Trailing) Eigenvalues
    {
        get
        {
            var (centre, coupling) = (Curvature * SquaredNorm / 2, Slope + (Product * Curvature));
            var root = Math.Sqrt((Curvature * Imbalance * Curvature * Imbalance / 4) + (coupling * coupling));
            return (centre + root, centre - root);
        }
    }

    /// <summary>The state after one step of gradient descent by (3.1)-(3.3): Theta+, s+, D+.</summary>
    /// <param name="stepSize">eta.</param>
    public (double Product, double SquaredNorm, double Imbalance) Next(double stepSize)
    {
        var q = stepSize * Slope;
        return (
            (Product * (1 + (q * q))) - (q * SquaredNorm),
            (SquaredNorm * (1 + (q * q))) - (4 * q * Product),
            Imbalance * (1 - (q * q))
        );
    }

    /// <summary>
    /// The rotational polarity gamma_beta = |beta+ / beta| of a power link, eq. (3.5): |(1 - eta^2 z'^2) / (1 + eta^2 z'^2 - k eta z')|, k = s / Theta.
    /// Above 1 the leading eigenvector turns towards the axis of the sharper parameter, below 1 away from it.
    /// </summary>
    /// <param name="stepSize">eta.</param>
    /// <returns>gamma_beta; valid where z is a power of Theta.</returns>
    public double Polarity(double stepSize)
    {
        var q = stepSize * Slope;
        return Math.Abs((1 - (q * q)) / (1 + (q * q) - (q * SquaredNorm / Product)));
    }

    /// <summary>The gradient-flow-solution sharpness phi = z''(Theta*) sqrt(D^2 + 4 Theta*^2), eq. (3.8).</summary>
    /// <param name="minimum">Theta*, the minimiser of z that gradient flow reaches from here.</param>
    /// <param name="curvatureAtMinimum">z''(Theta*).</param>
    public double FlowSharpness(double minimum, double curvatureAtMinimum) =>
        curvatureAtMinimum * Math.Sqrt((Imbalance * Imbalance) + (4 * minimum * minimum));
}
