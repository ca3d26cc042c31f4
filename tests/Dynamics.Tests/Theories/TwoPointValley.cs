using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>
/// L = S y^2/2 + m_3 y^3/6 + m_4 y^4/24 along v, over a floor that it does not couple to; its period-2 orbits for the
/// map theta+ = theta - (eta/w) g, w = 1 for gradient descent and 1 + b for heavy ball, whose orbits are the same.
/// </summary>
internal readonly record struct TwoPointValley(double Sharpness, double Third, double Fourth)
{
    /// <summary>
    /// The orbit nearest the normal form (4.6), by Newton's method on both points, its upper point first.
    /// </summary>
    public (double Upper, double Lower) Orbit(double step)
    {
        var excess = (step * Sharpness) - 2;
        var c = (step * step * Third * Third / 4) - (step * Fourth / 6);
        double x = Math.Sqrt(Math.Max(excess, 0) / c),
            y = -x;
        for (var i = 0; i < 60; i++)
        {
            // x - step g(x) = y and y - step g(y) = x.
            double p = x - (step * Slope(x)) - y,
                q = y - (step * Slope(y)) - x,
                a = 1 - (step * Curvature(x)),
                d = 1 - (step * Curvature(y)),
                determinant = (a * d) - 1;
            (x, y) = (x - (((p * d) + q) / determinant), y - (((q * a) + p) / determinant));
        }

        return (Math.Max(x, y), Math.Min(x, y));
    }

    /// <summary>The jet at a place along v, beside a floor with these curvatures at its minimum.</summary>
    public Jet At(double place, double[,] floor)
    {
        var none = new double[floor.GetLength(0)];
        return new Jet(
            0.3,
            [Slope(place), Curvature(place), Third + (Fourth * place), Fourth],
            new double[4, 4],
            new double[4],
            0,
            0,
            Curvature(place)
        )
        {
            Krylov = new KrylovJet(floor, [none, none, none, none], none),
        };
    }

    private double Slope(double y) => y * (Sharpness + (y * ((Third / 2) + (y * Fourth / 6))));

    private double Curvature(double y) => Sharpness + (y * (Third + (y * Fourth / 2)));
}
