using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>L = e^u - (1 - slope) u + f sin u + (1 + e^u / 2) f^2 / 2: all moments but the first are 1 at the origin, and its series never ends.</summary>
internal sealed class ExponentialValley(double slope) : ISurface<double[]>
{
    public IVectorSpace<double[]> Space { get; } = new DenseSpace(2);

    public CostLedger Cost { get; } = new();

    public int MaximumOrder => 4;

    public double LossAndGradient(double[] theta, double[] gradient)
    {
        var (u, f) = (theta[0], theta[1]);
        gradient[0] = Math.Exp(u) - 1 + slope + (f * Math.Cos(u)) + (Math.Exp(u) * f * f / 4);
        gradient[1] = Math.Sin(u) + ((1 + (Math.Exp(u) / 2)) * f);
        return Math.Exp(u) - ((1 - slope) * u) + (f * Math.Sin(u)) + ((1 + (Math.Exp(u) / 2)) * f * f / 2);
    }

    public ISurfacePoint<double[]> At(double[] theta) => new Point(this, [.. theta]);

    private sealed class Point : ISurfacePoint<double[]>
    {
        private readonly double[] _theta;

        public Point(ExponentialValley surface, double[] theta)
        {
            (_theta, Gradient) = (theta, new double[2]);
            Loss = surface.LossAndGradient(theta, Gradient);
        }

        public double Loss { get; }

        public double[] Gradient { get; }

        public void HessianVector(double[] direction, double[] result)
        {
            var (u, f) = (_theta[0], _theta[1]);
            double corner = Math.Exp(u) - (f * Math.Sin(u)) + (Math.Exp(u) * f * f / 4),
                coupling = Math.Cos(u) + (Math.Exp(u) * f / 2),
                floor = 1 + (Math.Exp(u) / 2);
            (result[0], result[1]) = (
                (corner * direction[0]) + (coupling * direction[1]),
                (coupling * direction[0]) + (floor * direction[1])
            );
        }

        public void DirectionalDerivatives(double[] direction, Span<double> derivatives) =>
            throw new NotSupportedException();

        public void DirectionalGradient(double[] direction, int order, double[] result) =>
            throw new NotSupportedException();

        public void Dispose() { }
    }
}
