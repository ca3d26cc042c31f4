using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// The comparison of two successive eigenframes, eq. (1.6): eigenvectors are matched by the assignment that maximises the sum of |A^T B|, so that two eigenvalues that
/// trade places are reported as a crossing and not as a rotation by 90 degrees, and a rotation below its noise floor is reported as zero.
/// </summary>
/// <param name="Predecessor">For each current pair, the index in the previous frame of the pair that it continues.</param>
/// <param name="Angles">For each current pair, the angle in radians in [0, pi/2] to its predecessor; exactly 0 where it does not exceed the floor.</param>
/// <param name="Floors">For each current pair, the noise floor in radians: the sum of asin(min(1, residual / gap)) over the two frames (Davis and Kahan 1970), and the rounding of the angle itself.</param>
public sealed record FrameMatch(int[] Predecessor, double[] Angles, double[] Floors)
{
    /// <summary>
    /// The angle in radians in [0, pi/2] between the leading vector and the previous leading vector, whatever continues what. It differs from the first of <see cref="Angles"/> at a crossing; and in a frame that spans the whole space
    /// (two parameters, two pairs) a turn by more than 45 degrees cannot be told from a crossing, so that there only this angle shows it.
    /// </summary>
    public double Turn { get; init; }

    /// <summary>Matches two frames of equal size.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="previous">The earlier frame.</param>
    /// <param name="current">The later frame.</param>
    public static FrameMatch Of<TVector>(
        IVectorSpace<TVector> space,
        EigenFrame<TVector> previous,
        EigenFrame<TVector> current
    )
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(current);
        Require.Length(current.Count, previous.Count, nameof(current));
        var k = current.Count;
        var overlap = new double[k, k];
        var row = new double[k];
        for (var i = 0; i < k; i++)
        {
            previous.Vectors.Project(current.Vectors[i], row);
            for (var j = 0; j < k; j++)
                overlap[i, j] = double.IsNaN(row[j]) ? 0 : Math.Abs(row[j]);
        }

        var predecessor = Assignment.Maximise(overlap);
        var angles = new double[k];
        var floors = new double[k];
        var rest = space.Create();
        for (var i = 0; i < k; i++)
        {
            var (a, b) = (previous.Vectors[predecessor[i]], current.Vectors[i]);
            floors[i] = Floor(previous, predecessor[i]) + Floor(current, i) + (8 * space.UnitRoundoff);
            var angle = space.AngleOfLines(a, b, rest);
            angles[i] = angle > floors[i] || double.IsNaN(angle) ? angle : 0;
        }

        var turn = predecessor[0] == 0 ? angles[0] : space.AngleOfLines(previous.Vectors[0], current.Vectors[0], rest);
        space.Release(rest);
        return new FrameMatch(predecessor, angles, floors) { Turn = turn };
    }

    /// <summary>
    /// The Davis-Kahan noise floor of one eigenvector, asin(min(1, residual / separation)), eqs. (1.6), (10.6): the
    /// whole right angle where an unseen eigenvalue may be as near as the residual.
    /// </summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="frame">The frame.</param>
    /// <param name="index">Which leading pair.</param>
    /// <returns>Radians in [0, pi/2].</returns>
    public static double Floor<TVector>(EigenFrame<TVector> frame, int index)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var ratio = frame.Residuals[index] / frame.Separation(index);
        return ratio < 1 ? Math.Asin(ratio) : Math.PI / 2;
    }
}
