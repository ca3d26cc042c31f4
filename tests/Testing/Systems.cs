using FlatBias.Dynamics.Maps;

namespace FlatBias.Testing;

/// <summary>x+ = r x (1 - x).</summary>
public readonly record struct Logistic(double R) : IDifferentiableMap
{
    public int Dimension => 1;

    public void Step(ReadOnlySpan<double> current, Span<double> next) => next[0] = R * current[0] * (1 - current[0]);

    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image) =>
        image[0] = R * (1 - (2 * state[0])) * direction[0];
}

/// <summary>The logistic map as a family in r.</summary>
public readonly struct LogisticFamily : IMapFamily<TangentMap<Logistic>>
{
    public TangentMap<Logistic> At(double parameter) => new(new Logistic(parameter));
}

/// <summary>Henon's map: x+ = 1 - a x^2 + y, y+ = b x; det = -b.</summary>
public readonly record struct Henon(double A, double B) : IDifferentiableMap
{
    public int Dimension => 2;

    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        next[0] = 1 - (A * current[0] * current[0]) + current[1];
        next[1] = B * current[0];
    }

    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        image[0] = (-2 * A * state[0] * direction[0]) + direction[1];
        image[1] = B * direction[0];
    }
}

/// <summary>Henon's map as a family in a.</summary>
public readonly record struct HenonFamily(double B) : IMapFamily<TangentMap<Henon>>
{
    public TangentMap<Henon> At(double parameter) => new(new Henon(parameter, B));
}

/// <summary>The logistic map with delay, x+ = r x (1 - y), y+ = x: the multipliers of its fixed point 1 - 1/r solve m^2 - m + r - 1 = 0.</summary>
public readonly record struct DelayedLogistic(double R) : IDifferentiableMap
{
    public int Dimension => 2;

    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        next[0] = R * current[0] * (1 - current[1]);
        next[1] = current[0];
    }

    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        image[0] = (R * (1 - state[1]) * direction[0]) - (R * state[0] * direction[1]);
        image[1] = direction[0];
    }
}

/// <summary>The delayed logistic map as a family in r.</summary>
public readonly struct DelayedFamily : IMapFamily<TangentMap<DelayedLogistic>>
{
    public TangentMap<DelayedLogistic> At(double parameter) => new(new DelayedLogistic(parameter));
}

/// <summary>x+ = c + A (x - c): a fixed point c, and the Jacobian A everywhere.</summary>
public readonly struct AffineMap(double[,] matrix, double[] centre) : IDifferentiableMap
{
    private readonly double[,] _matrix = matrix;
    private readonly double[] _centre = centre;

    public int Dimension => _centre.Length;

    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = _centre[i];
            for (var j = 0; j < next.Length; j++)
                next[i] += _matrix[i, j] * (current[j] - _centre[j]);
        }
    }

    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        for (var i = 0; i < image.Length; i++)
        {
            image[i] = 0;
            for (var j = 0; j < image.Length; j++)
                image[i] += _matrix[i, j] * direction[j];
        }
    }
}

/// <summary>x' = A (x - c).</summary>
public readonly struct AffineFlow(double[,] matrix, double[] centre) : IDifferentiableFlow
{
    private readonly double[,] _matrix = matrix;
    private readonly double[] _centre = centre;

    public int Dimension => _centre.Length;

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        for (var i = 0; i < derivative.Length; i++)
        {
            derivative[i] = 0;
            for (var j = 0; j < derivative.Length; j++)
                derivative[i] += _matrix[i, j] * (state[j] - _centre[j]);
        }
    }

    public void Differential(
        double time,
        ReadOnlySpan<double> state,
        ReadOnlySpan<double> direction,
        Span<double> image
    ) => new AffineMap(_matrix, _centre).Differential(state, direction, image);
}

/// <summary>The system of Lorenz (1963), sigma = 10, rho = 28, beta = 8/3; divergence -(sigma + 1 + beta) everywhere.</summary>
public readonly struct Lorenz : IDifferentiableFlow
{
    public const double Divergence = -(10 + 1 + (8.0 / 3));

    public int Dimension => 3;

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        derivative[0] = 10 * (state[1] - state[0]);
        derivative[1] = (state[0] * (28 - state[2])) - state[1];
        derivative[2] = (state[0] * state[1]) - (8.0 / 3 * state[2]);
    }

    public void Differential(
        double time,
        ReadOnlySpan<double> state,
        ReadOnlySpan<double> direction,
        Span<double> image
    )
    {
        image[0] = 10 * (direction[1] - direction[0]);
        image[1] = ((28 - state[2]) * direction[0]) - direction[1] - (state[0] * direction[2]);
        image[2] = (state[1] * direction[0]) + (state[0] * direction[1]) - (8.0 / 3 * direction[2]);
    }
}

/// <summary>A damped pendulum under a periodic torque, x'' = -0.2 x' - sin x + cos(2 pi t): not autonomous, of period 1.</summary>
public readonly struct ForcedPendulum : IDifferentiableFlow
{
    public int Dimension => 2;

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        derivative[0] = state[1];
        derivative[1] = (-0.2 * state[1]) - Math.Sin(state[0]) + Math.Cos(2 * Math.PI * time);
    }

    public void Differential(
        double time,
        ReadOnlySpan<double> state,
        ReadOnlySpan<double> direction,
        Span<double> image
    )
    {
        image[0] = direction[1];
        image[1] = (-0.2 * direction[1]) - (Math.Cos(state[0]) * direction[0]);
    }
}
