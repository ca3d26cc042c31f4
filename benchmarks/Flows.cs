using FlatBias.Dynamics.Integration;

namespace FlatBias.Benchmarks;

/// <summary>Self-stabilization, eq. (4.5), with eta = 0.3, alpha = 1.3 and beta = 0.7.</summary>
internal readonly struct Cycle : IFlow
{
    public int Dimension => 2;

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        derivative[0] = 0.3 * state[0] * state[1];
        derivative[1] = 0.3 * (1.3 - (0.35 * state[0] * state[0]));
    }
}

/// <summary>Lorenz (1963) at sigma = 10, rho = 28, beta = 8/3.</summary>
internal readonly struct Lorenz : IFlow
{
    public int Dimension => 3;

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        derivative[0] = 10 * (state[1] - state[0]);
        derivative[1] = (state[0] * (28 - state[2])) - state[1];
        derivative[2] = (state[0] * state[1]) - (8.0 / 3 * state[2]);
    }
}

/// <summary>Lorenz (1996): x_i' = (x_(i+1) - x_(i-2)) x_(i-1) - x_i + 8 on a ring.</summary>
internal readonly struct Ring : IFlow
{
    public int Dimension => 100;

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        for (var i = 2; i < derivative.Length - 1; i++)
            derivative[i] = ((state[i + 1] - state[i - 2]) * state[i - 1]) - state[i] + 8;
        derivative[0] = ((state[1] - state[98]) * state[99]) - state[0] + 8;
        derivative[1] = ((state[2] - state[99]) * state[0]) - state[1] + 8;
        derivative[99] = ((state[0] - state[97]) * state[98]) - state[99] + 8;
    }
}
