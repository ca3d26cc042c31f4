using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// The stability number of a run's own update rule, eqs. (1.2), (7.1), (7.5): eta S_eff over the rule's edge, and half
/// of eta w with weight decay w, stable below 1. S_eff = lambda_max(P^(-1/2) H P^(-1/2)) with the rule's preconditioner
/// P as it stands, and H + (rho/|g|) H^2 for H with sharpness-aware minimisation (7.11); S_norm/|m|_* for a rule
/// that is steepest descent in a norm of its own (7.13); otherwise it is the sharpness.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class EffectiveSharpness<TVector> : IDisposable
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IUpdateRule<TVector>? _rule;
    private readonly LanczosEigensolver<TVector> _solver;
    private readonly EigenFrame<TVector> _frame;
    private readonly TVector _root,
        _scaled,
        _start;

    public EffectiveSharpness(IVectorSpace<TVector> space, IUpdateRule<TVector>? rule, LanczosOptions options)
    {
        (_space, _rule) = (space, rule);
        _solver = new LanczosEigensolver<TVector>(space, options with { Trailing = false });
        _frame = new EigenFrame<TVector>(space, 1);
        (_root, _scaled, _start) = (space.Create(), space.Create(), space.Create());
    }

    /// <summary>Writes the stability number, and for a preconditioned rule the effective sharpness (NaN before its first step).</summary>
    public void Measure(
        ISurfacePoint<TVector> point,
        EigenFrame<TVector> plain,
        double stepSize,
        Random random,
        SeriesTable table
    )
    {
        var sharpness = plain.Values[0];
        if (_rule is { IsPreconditioned: true })
        {
            sharpness =
                _rule.DualNorm is var norm && !double.IsNaN(norm) ? InOwnNorm(point, plain) / norm
                : _rule.TryPrecondition(_root) ? Solve(point, plain, random)
                : double.NaN;
            table.Set(Columns.EffectiveSharpness, sharpness);
        }

        // Weight decay adds its own share, eq. (7.5).
        var share = stepSize * (_rule?.Decay ?? 0) / 2;
        table.Set(Columns.StabilityNumber, (stepSize * sharpness / (_rule?.Edge ?? 2)) + share);
    }

    /// <summary>What the next measurement starts from: the last effective eigenvector.</summary>
    public void Exchange(IStateStore<TVector> store) => store.Exchange("effective.vector", _frame.Vectors[0]);

    public void Dispose()
    {
        _solver.Dispose();
        _frame.Dispose();
        _space.Release(_root);
        _space.Release(_scaled);
        _space.Release(_start);
    }

    /// <summary>S_norm, eq. (7.13), in the norm of the rule's matrices: from the last d and from v_1.</summary>
    private double InOwnNorm(ISurfacePoint<TVector> point, EigenFrame<TVector> plain) =>
        NormSharpness.Largest(
            _space,
            (x, y) => Product(point, x, y, _start),
            _space.Polar,
            [_frame.Vectors[0], plain.Vectors[0]],
            _frame.Vectors[0],
            _root,
            _scaled
        );

    private double Solve(ISurfacePoint<TVector> point, EigenFrame<TVector> plain, Random random)
    {
        // Warm start: the last effective eigenvector and the plain one together.
        _space.Copy(_frame.Vectors[0], _start);
        _space.Axpy(1, plain.Vectors[0], _start);
        // The value alone is wanted, which a copy that was not told from it shares.
        _solver.Iterate(
            (x, y) =>
            {
                _space.Multiply(_root, x, _scaled);
                Product(point, _scaled, y, _scaled);
                _space.Multiply(_root, y, y);
            },
            _start,
            random,
            _frame,
            trailing: false,
            default
        );
        return _frame.Values[0];
    }

    /// <summary>y := (H + (rho/|g|) H^2) x, eq. (7.11); what is left over may be x.</summary>
    private void Product(ISurfacePoint<TVector> point, TVector x, TVector y, TVector leftOver)
    {
        point.HessianVector(x, y);
        if (_rule!.Ascent is var ascent && ascent == 0)
            return;
        point.HessianVector(y, leftOver);
        _space.Axpy(ascent, leftOver, y);
    }
}
