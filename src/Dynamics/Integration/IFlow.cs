namespace FlatBias.Dynamics.Integration;

/// <summary>A flow x' = f(t, x). Implement it as a struct, so that integration is compiled for it.</summary>
public interface IFlow
{
    /// <summary>The number of state variables.</summary>
    int Dimension { get; }

    /// <summary>The right-hand side.</summary>
    /// <param name="time">t.</param>
    /// <param name="state">x.</param>
    /// <param name="derivative">Overwritten with f(t, x).</param>
    void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative);
}

/// <summary>A flow that knows its own linearisation, as <see cref="Rosenbrock"/> needs it. <see cref="DifferencedFlow{TFlow}"/> makes one of any flow by differences.</summary>
public interface IJacobianFlow : IFlow
{
    /// <summary>The Jacobian.</summary>
    /// <param name="time">t.</param>
    /// <param name="state">x.</param>
    /// <param name="jacobian">Overwritten with df_i/dx_j at index i n + j, n the dimension.</param>
    void Jacobian(double time, ReadOnlySpan<double> state, Span<double> jacobian);

    /// <summary>How the right-hand side changes with time alone.</summary>
    /// <param name="time">t.</param>
    /// <param name="state">x.</param>
    /// <param name="derivative">Overwritten with df/dt at fixed x; zeros for an autonomous flow.</param>
    void TimeDerivative(double time, ReadOnlySpan<double> state, Span<double> derivative);
}
