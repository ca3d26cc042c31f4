using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>What is measured at each point of a run.</summary>
/// <param name="Eigenpairs">Number k of leading pairs, 1 to the dimension.</param>
/// <param name="Eigensolver">Tolerance and limits of the eigenvalue measurement.</param>
/// <param name="PredictRotation">Whether eq. (1.7) is evaluated beside the measured rotation.</param>
/// <param name="Seed">Seeds the random part of the Lanczos starts, with the number of the measurement.</param>
public sealed record CurvatureProbeOptions(
    int Eigenpairs,
    LanczosOptions Eigensolver,
    bool PredictRotation = false,
    int Seed = 0
)
{
    /// <summary>The trailing pair is measured at the first measurement and every n-th after that, n at least 1; it is NaN at the others.</summary>
    public int TrailingEvery { get; init; } = 1;

    /// <summary>The measurement, counted from 0, whose leading frame the similarities compare with, such as one after the first transient; they are NaN before it.</summary>
    public int ReferenceMeasurement { get; init; }

    /// <summary>The number of Lyapunov exponents of the run itself that a recorded run carries along from step to step (<see cref="Stability.TangentFrame{TVector}"/>), a Hessian product a step for each; 0 for none. Full-batch gradient descent only.</summary>
    public int Exponents { get; init; }

    /// <summary>Names of the observables on request (<see cref="OnRequest.ObservableCatalogue"/>) that a recorded run measures at each of its rows; none of them is computed unless it is named here.</summary>
    public IReadOnlyList<string> Observables { get; init; } = [];

    /// <summary>How the leading pairs are followed from measurement to measurement.</summary>
    public TrackingOptions Tracking { get; init; } = new();
}

/// <summary>
/// The one measurement code of the project: spectrum at both ends, rotation of the leading frame, similarity to an early frame, and directional moments along v_1, for any surface.
/// It remembers the previous frame and the reference, so successive calls follow one run.
/// </summary>
/// <remarks>
/// Gauge. An eigenvector's sign is arbitrary and m_3 is odd in it, so the sign is fixed by what does not depend on coordinates: m_3 is not negative at the first measurement and wherever
/// another direction takes the lead (a crossing); otherwise v_1 is oriented along its predecessor. The result does not depend on the signs that the eigensolver happens to return.
/// </remarks>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class CurvatureProbe<TVector> : IDisposable, IResumable<TVector>
{
    private const int MomentOrder = 4;
    private readonly ISurface<TVector> _surface;
    private readonly CurvatureProbeOptions _options;
    private readonly EigenTracker<TVector> _tracker;
    private readonly EffectiveSharpness<TVector> _effective;
    private readonly PathAlongLeading<TVector> _path;
    private readonly TVector _previousTheta;
    private readonly IVectorBlock<TVector> _reference;
    private EigenFrame<TVector> _current,
        _previous;
    private int _measured;

    /// <summary>Makes a probe for one run.</summary>
    /// <param name="surface">The surface to measure.</param>
    /// <param name="options">What to measure.</param>
    /// <param name="rule">The run's update rule, for the effective sharpness and the edge; null for gradient descent.</param>
    /// <exception cref="ArgumentOutOfRangeException">More eigenpairs than dimensions, or fewer than one.</exception>
    public CurvatureProbe(ISurface<TVector> surface, CurvatureProbeOptions options, IUpdateRule<TVector>? rule = null)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(options);
        Require.InRange(options.Eigenpairs, 1, surface.Space.Dimension);
        Require.InRange(options.TrailingEvery, 1);
        Require.InRange(options.ReferenceMeasurement, 0);
        (_surface, _options) = (surface, options);
        _tracker = new EigenTracker<TVector>(surface.Space, options.Eigenpairs, options.Eigensolver, options.Tracking);
        _effective = new EffectiveSharpness<TVector>(surface.Space, rule, options.Eigensolver);
        _path = new PathAlongLeading<TVector>(surface.Space);
        _previousTheta = surface.Space.Create();
        _current = new EigenFrame<TVector>(surface.Space, options.Eigenpairs);
        _previous = new EigenFrame<TVector>(surface.Space, options.Eigenpairs);
        _reference = surface.Space.CreateBlock(options.Eigenpairs);
    }

    /// <summary>The frame of the latest measurement.</summary>
    public EigenFrame<TVector> Frame => _current;

    /// <summary>Measures at a point and writes the columns of this measurement into the table's last row.</summary>
    /// <param name="theta">The point.</param>
    /// <param name="stepSize">The step size of the coming step, for the stability number.</param>
    /// <param name="table">The table; its last row is filled.</param>
    public void Measure(TVector theta, double stepSize, SeriesTable table) => Measure(theta, stepSize, table, null);

    /// <summary>Measures at a point that is at hand, whose own cost is then not that of the measurement.</summary>
    /// <param name="point">The surface at <paramref name="theta"/>.</param>
    /// <param name="theta">The point.</param>
    /// <param name="stepSize">The step size of the coming step, for the stability number.</param>
    /// <param name="table">The table; its last row is filled.</param>
    public void Measure(ISurfacePoint<TVector> point, TVector theta, double stepSize, SeriesTable table) =>
        Measure(point, theta, stepSize, table, MeasurementCost.Of(_surface.Cost), null);

    /// <summary>The same with something of the caller's own in the row, whose cost is then that of the row too.</summary>
    internal void Measure(TVector theta, double stepSize, SeriesTable table, Action<ISurfacePoint<TVector>>? own)
    {
        ArgumentNullException.ThrowIfNull(table);
        var before = MeasurementCost.Of(_surface.Cost);
        using var point = _surface.At(theta);
        Measure(point, theta, stepSize, table, before, own);
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> measured = [_measured];
        store.Exchange("probe.measured", measured);
        _measured = (int)measured[0];
        // The previous frame is overwritten before it is read again.
        _current.Exchange("probe.current", store);
        for (var i = 0; i < _reference.Capacity; i++)
            store.Exchange($"probe.reference.{i}", _reference[i]);
        store.Exchange("probe.theta", _previousTheta);
        _tracker.Exchange(store);
        _effective.Exchange(store);
        _path.Exchange(store);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracker.Dispose();
        _effective.Dispose();
        _path.Dispose();
        _current.Dispose();
        _previous.Dispose();
        _reference.Dispose();
        _surface.Space.Release(_previousTheta);
    }

    /// <summary>Mixes seed and count (the finaliser of SplitMix64, Steele, Lea and Flood 2014), so that each measurement's generator can be made anew after a resumption.</summary>
    private static int HashOf(int seed, int count)
    {
        var x = unchecked(((ulong)(uint)seed << 32) + (uint)count + 0x9E3779B97F4A7C15UL);
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EBUL);
        return unchecked((int)(x ^ (x >> 31)));
    }

    private void Measure(
        ISurfacePoint<TVector> point,
        TVector theta,
        double stepSize,
        SeriesTable table,
        MeasurementCost before,
        Action<ISurfacePoint<TVector>>? own
    )
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(table);
        var space = _surface.Space;
        table.Set(Columns.Loss, point.Loss);
        table.Set(Columns.GradientNorm, space.Norm(point.Gradient));
        (_current, _previous) = (_previous, _current);
        var hasPrevious = _measured > 0;
        var random = new Random(HashOf(_options.Seed, _measured));
        space.Copy(_previous.TrailingVector, _current.TrailingVector);
        _tracker.Track(point.HessianVector, theta, _measured % _options.TrailingEvery == 0, random, _current);
        WriteSpectrum(table);
        var match = hasPrevious ? FrameMatch.Of(space, _previous, _current) : null;
        var moments = Moments(point, match);
        WriteRotation(table, match, hasPrevious ? Predict(point, theta) : double.NaN);
        table.Set(Columns.ThirdMoment, moments[2]);
        table.Set(Columns.FourthMoment, moments[3]);
        table.Set(Columns.StepSize, stepSize);
        _effective.Measure(point, _current, stepSize, random, table);
        if (_current.Count == space.Dimension)
            WriteSpectralMoments(table);
        _path.Measure(theta, hasPrevious ? _previousTheta : default, _current.Vectors[0], table);
        space.Copy(theta, _previousTheta);
        _measured++;
        own?.Invoke(point);
        MeasurementCost.Of(_surface.Cost).Less(before).Write(table);
    }

    private double[] Moments(ISurfacePoint<TVector> point, FrameMatch? match)
    {
        var space = _surface.Space;
        var moments = new double[MomentOrder];
        var leading = _current.Vectors[0];
        point.DirectionalDerivatives(leading, moments);
        var fresh = match is null || match.Predecessor[0] != 0;
        var reversed = fresh ? moments[2] < 0 : space.Dot(leading, _previous.Vectors[0]) < 0;
        if (reversed)
        {
            space.Scale(-1, leading);
            (moments[0], moments[2]) = (-moments[0], -moments[2]);
        }

        return moments;
    }

    private double Predict(ISurfacePoint<TVector> point, TVector theta)
    {
        if (!_options.PredictRotation)
            return double.NaN;
        var space = _surface.Space;
        TVector back = space.Create(),
            rotation = space.Create();
        space.Copy(_previousTheta, back);
        space.Axpy(-1, theta, back);
        var predicted = PredictedRotation.Compute(
            space,
            point,
            _current.Values[0],
            _current.Vectors[0],
            back,
            rotation,
            Math.Max(1e-10, _options.Eigensolver.Tolerance)
        );
        space.Release(back);
        space.Release(rotation);
        return predicted;
    }

    private void WriteSpectrum(SeriesTable table)
    {
        for (var i = 0; i < _current.Count; i++)
            table.Set(Columns.Eigenvalue(i + 1), _current.Values[i]);
        table.Set(Columns.TrailingEigenvalue, _current.Trailing);
        for (var i = 0; i < _current.Count; i++)
            table.Set(Columns.Residual[i + 1], _current.Residuals[i]);
        table.Set(Columns.TrailingResidual, _current.TrailingResidual);
    }

    private void WriteSpectralMoments(SeriesTable table)
    {
        var moments = SpectralMoments.Exact(_current.Values);
        for (var k = 1; k <= moments.Length; k++)
            table.Set(Columns.SpectralMoment[k], moments[k - 1]);
    }

    private void WriteRotation(SeriesTable table, FrameMatch? match, double predicted)
    {
        const double degrees = 180 / Math.PI;
        for (var i = 0; i < _current.Count; i++)
            table.Set(Columns.Rotation[i + 1], match is null ? double.NaN : match.Angles[i] * degrees);
        table.Set(Columns.Turn, match is null ? double.NaN : match.Turn * degrees);
        table.Set(Columns.RotationFloor, match is null ? double.NaN : match.Floors[0] * degrees);
        table.Set(Columns.Predecessor, match is null ? double.NaN : match.Predecessor[0] + 1);
        if (_options.PredictRotation)
            table.Set(Columns.PredictedRotation, predicted * degrees);
        WriteSimilarity(table);
    }

    private void WriteSimilarity(SeriesTable table)
    {
        if (_measured == _options.ReferenceMeasurement)
            for (var i = 0; i < _current.Count; i++)
                _surface.Space.Copy(_current.Vectors[i], _reference[i]);
        for (var k = 1; k <= _current.Count; k++)
        {
            var known = _measured >= _options.ReferenceMeasurement;
            table.Set(
                Columns.Similarity[k],
                known
                    ? PrincipalAngles.Similarity(
                        PrincipalAngles.Between(_surface.Space, _reference, _current.Vectors, k)
                    )
                    : double.NaN
            );
        }
    }
}
