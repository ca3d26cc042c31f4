using FlatBias.Dynamics.Checkpoints;

namespace FlatBias.Dynamics.Surfaces;

/// <summary>
/// Counts the evaluations of a surface, so that the price of a measurement can be stated without a clock.
/// One gradient-equivalent is one forward and one backward pass. By the count of matrix products in a fully connected net a forward pass is
/// one third of that; a Hessian-vector product on a kept gradient graph is taken as 4/3; a Taylor pass of order k multiplies 2k + 1 coefficient
/// pairs forward, that is (2k + 1)/3, and twice as much again when it is differentiated; nested reverse passes cost twice all that they differentiate, so that D^k L[v^(k-1), .] by this route takes 3^(k-1) at most.
/// </summary>
public sealed class CostLedger
{
    /// <summary>Forward passes (loss or predictions only).</summary>
    public long ForwardPasses { get; set; }

    /// <summary>Gradients (forward and backward).</summary>
    public long Gradients { get; set; }

    /// <summary>Work of minibatch gradients, in gradient-equivalents: batch size over number of samples, each.</summary>
    public double BatchWork { get; set; }

    /// <summary>Hessian-vector products.</summary>
    public long HessianVectorProducts { get; set; }

    /// <summary>Work of Taylor passes, in gradient-equivalents.</summary>
    public double TaylorWork { get; set; }

    /// <summary>Work of nested reverse passes beyond the Hessian-vector product, in gradient-equivalents.</summary>
    public double NestedWork { get; set; }

    /// <summary>The total in gradient-equivalents.</summary>
    public double GradientEquivalents =>
        (ForwardPasses / 3.0) + Gradients + BatchWork + (HessianVectorProducts * 4 / 3.0) + TaylorWork + NestedWork;

    /// <summary>Names the counts to a store.</summary>
    /// <typeparam name="TVector">The vector type of the store.</typeparam>
    /// <param name="name">What the counts are stored as.</param>
    /// <param name="store">The store.</param>
    public void Exchange<TVector>(string name, IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> counts = [ForwardPasses, Gradients, BatchWork, HessianVectorProducts, TaylorWork, NestedWork];
        store.Exchange(name, counts);
        (ForwardPasses, Gradients, BatchWork) = ((long)counts[0], (long)counts[1], counts[2]);
        (HessianVectorProducts, TaylorWork, NestedWork) = ((long)counts[3], counts[4], counts[5]);
    }

    /// <summary>Books a Taylor pass.</summary>
    /// <param name="order">The highest order k carried along.</param>
    /// <param name="differentiated">Whether a reverse pass follows.</param>
    public void AddTaylorPass(int order, bool differentiated) =>
        TaylorWork += ((2 * order) + 1) / 3.0 * (differentiated ? 3 : 1);

    /// <summary>Books one reverse pass through the graph of H v, itself a differentiated Taylor pass of order 1: twice its three gradient-equivalents.</summary>
    public void AddMixedPass() => NestedWork += 6;

    /// <summary>Books D^j L[v^(j-1), .] for all j to <paramref name="order"/> by nested reverse passes, the gradient (j = 1) included.</summary>
    /// <param name="order">The highest order, at least 1.</param>
    public void AddNestedPasses(int order) => NestedWork += Math.Pow(3, order - 1);
}
