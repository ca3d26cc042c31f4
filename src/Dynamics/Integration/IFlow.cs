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
    /// <param name="increments">
    /// For each component the change, signed, over which a difference tells the derivative, eq. (10.10): of use to a
    /// Jacobian by differences only.
    /// </param>
    /// <param name="jacobian">Overwritten with df_i/dx_j at index i n + j, n the dimension.</param>
    void Jacobian(double time, ReadOnlySpan<double> state, ReadOnlySpan<double> increments, Span<double> jacobian);

    /// <summary>How the right-hand side changes with time alone.</summary>
    /// <param name="time">t.</param>
    /// <param name="state">x.</param>
    /// <param name="increment">The change of time over which a difference tells the derivative, eq. (10.11).</param>
    /// <param name="derivative">Overwritten with df/dt at fixed x; zeros for an autonomous flow.</param>
    void TimeDerivative(double time, ReadOnlySpan<double> state, double increment, Span<double> derivative);
}
