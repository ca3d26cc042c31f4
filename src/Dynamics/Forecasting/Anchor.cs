using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// Where a jet is taken that is to carry a run on from its present point. Inside an instability, where the run jumps to
/// and fro, half way between the last two points along the line through them, (4.17): no eigenpair is needed. Elsewhere at
/// the point itself, along v_1.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class Anchor<TVector> : IDisposable
{
    // The coming step is within 26 degrees of the last one reversed: of d = alternation + drift the drift is then below
    // a quarter, and the line through the two points within 13 degrees of the one that the run jumps along.
    private const double Reversal = -0.9;

    private readonly ISurface<TVector> _surface;
    private readonly ReanchorOptions _options;
    private readonly double _stepSize;
    private readonly TVector _theta;
    private readonly IVectorBlock<TVector> _basis,
        _direction;
    private readonly EigenFrame<TVector> _frame;
    private readonly Random _random;

    public Anchor(ISurface<TVector> surface, double stepSize, ReanchorOptions options)
    {
        (_surface, _stepSize, _options) = (surface, stepSize, options);
        _theta = surface.Space.Create();
        _basis = Jet.Basis(surface.Space, options.Krylov)!;
        _direction = surface.Space.CreateBlock(1);
        _frame = new EigenFrame<TVector>(surface.Space, 1);
        _random = new Random(options.Seed);
        surface.Space.FillGaussian(_direction[0], _random);
    }

    /// <summary>The path that the present jet forecasts, from the present point.</summary>
    public double[][] Path { get; private set; } = [];

    /// <summary>The jet's model.</summary>
    public LocalModel Model { get; private set; } = null!;

    /// <summary>The loss at the jet's reference point.</summary>
    public double Loss { get; private set; }

    /// <summary>u_0, where the path begins.</summary>
    public double Start { get; private set; }

    /// <summary>Takes a jet at a point of the run.</summary>
    /// <param name="theta">The point.</param>
    /// <param name="last">The step that led to it; zero where there is none.</param>
    /// <param name="steps">The steps that it is to carry.</param>
    public Jet Take(TVector theta, TVector last, int steps)
    {
        var space = _surface.Space;
        Start = 0;
        var gap = double.NaN;
        space.Copy(theta, _theta);
        using (var here = _surface.At(theta))
        {
            var length = space.Norm(last);
            if (space.Dot(here.Gradient, last) >= -Reversal * space.Norm(here.Gradient) * length && length > 0)
            {
                Start = length / 2;
                space.Axpy(-0.5, last, _theta);
                space.Copy(last, _direction[0]);
                space.Normalize(_direction[0]);
            }
            else
            {
                using var solver = new LanczosEigensolver<TVector>(
                    space,
                    new LanczosOptions(_options.JetTolerance, Trailing: false)
                );
                solver.Solve(here.HessianVector, _direction[0], _random, _frame);
                space.Copy(_frame.Vectors[0], _direction[0]);
                gap = _frame.Gap(0);
            }
        }

        using var point = _surface.At(_theta);
        var runs = new JetRuns([_stepSize], steps, Start);
        var jet = CollocationJet.Along(
            _surface,
            _theta,
            point,
            _direction[0],
            _basis,
            runs,
            _options.Collocation,
            gap: gap
        );
        (Model, Loss) = (LocalModel.Whole(jet), jet.Loss);
        Path = ModelPath.Descend(Model, _stepSize, steps, start: Start);
        return jet;
    }

    /// <summary>Holds the jet against the surface along the first steps of its path, (4.16).</summary>
    public PathTrust Trust(Jet jet, int steps) =>
        PathTrust.Measure(_surface, _theta, _direction[0], _basis, jet, _stepSize, steps, Start);

    /// <inheritdoc/>
    public void Dispose()
    {
        _surface.Space.Release(_theta);
        _basis.Dispose();
        _direction.Dispose();
        _frame.Dispose();
    }
}
