namespace FlatBias.Dynamics.Sweeps;

/// <summary>
/// A map of two variables and one parameter, written once over registers and compiled for every width. Implement it as a struct, and mark its members for aggressive inlining: a call in the innermost loop would cost several times the step.
/// It may work in coordinates of its own, in which a step takes fewer operations: <see cref="Enter"/> goes there, <see cref="Leave"/> comes back.
/// </summary>
public interface IPlanarKernel
{
    /// <summary>Changes the starts of points into the kernel's coordinates.</summary>
    /// <typeparam name="TLanes">The register.</typeparam>
    /// <param name="parameter">The points' parameter, such as their step size.</param>
    /// <param name="first">The first variable, replaced.</param>
    /// <param name="second">The second variable, replaced.</param>
    /// <returns>A constant that belongs to each point, which <see cref="Step"/> and <see cref="Drive"/> find again; 0 where none is needed.</returns>
    TLanes Enter<TLanes>(TLanes parameter, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>Undoes <see cref="Enter"/>.</summary>
    /// <typeparam name="TLanes">The register.</typeparam>
    /// <param name="parameter">The points' parameter.</param>
    /// <param name="first">The first variable, replaced.</param>
    /// <param name="second">The second variable, replaced.</param>
    void Leave<TLanes>(TLanes parameter, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>One step of every lane.</summary>
    /// <typeparam name="TLanes">The register.</typeparam>
    /// <param name="first">The first variable, replaced.</param>
    /// <param name="second">The second variable, replaced.</param>
    /// <param name="constant">The points' constants in memory; load them only if the kernel needs them.</param>
    void Step<TLanes>(ref TLanes first, ref TLanes second, ref readonly double constant)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>The size of what moves the points, not negative: a point has converged where it falls to the tolerance and diverged where it exceeds the bound or is NaN.</summary>
    /// <typeparam name="TLanes">The register.</typeparam>
    /// <param name="first">The first variable.</param>
    /// <param name="second">The second variable.</param>
    /// <param name="constant">The points' constants in memory.</param>
    /// <returns>The size lane by lane.</returns>
    TLanes Drive<TLanes>(TLanes first, TLanes second, ref readonly double constant)
        where TLanes : struct, ILanes<TLanes>;
}
