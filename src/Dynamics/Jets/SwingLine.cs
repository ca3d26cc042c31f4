using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// Gradients and Hessian products along v at the nodes of (4.11): at the reference point, and at the two ends of a swing
/// by what they differ there, r_i = g_i - g_0 - u_i H_0 v and y_i = H_i v - H_0 v.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class SwingLine<TVector> : IDisposable
{
    // Differences are rounding below this many roundings of what they are differences of.
    private const double Rounding = 100;

    // Rows of the data, each projected off v: g_0, H_0 v, r_a, r_b, y_a, y_b.
    private const int Data = 6;

    private readonly ISurface<TVector> _surface;
    private readonly IVectorSpace<TVector> _space;
    private readonly TVector _theta,
        _direction,
        _product,
        _gradient;
    private readonly TVector[] _places;
    private readonly ISurfacePoint<TVector>?[] _ends = new ISurfacePoint<TVector>?[2];
    private readonly IVectorBlock<TVector> _data;
    private readonly double[] _along = new double[Data];
    private readonly double _productSize,
        _position;

    /// <summary>Looks at the reference point: one Hessian product.</summary>
    public SwingLine(ISurface<TVector> surface, TVector theta, ISurfacePoint<TVector> point, TVector direction)
    {
        (_surface, _space, _theta, _direction) = (surface, surface.Space, theta, direction);
        (_product, _gradient, _places) = (_space.Create(), point.Gradient, [_space.Create(), _space.Create()]);
        _data = _space.CreateBlock(Data);
        point.HessianVector(direction, _product);
        (_productSize, _position) = (_space.Norm(_product), _space.Norm(theta));
        _space.Copy(_gradient, _data[0]);
        _space.Copy(_product, _data[1]);
        Project(0);
        Project(1);
    }

    /// <summary>The swing that (4.14) begins with; 0 where there is no length to begin with.</summary>
    public double FirstReach(double stepSize)
    {
        var reach = 10 * Math.Abs(_along[0]) * Math.Min(1 / Math.Abs(_along[1]), stepSize / 2);
        return double.IsFinite(reach) ? Math.Max(reach, Shortest) : 0;
    }

    /// <summary>The shortest swing that is not lost in theta's rounding.</summary>
    public double Shortest => Math.Sqrt(_space.UnitRoundoff) * _position;

    /// <summary>a, or 0 while there are no nodes.</summary>
    public double Low { get; private set; }

    /// <summary>b, likewise.</summary>
    public double High { get; private set; }

    /// <summary>Looks at the two ends: a gradient and a Hessian product at each.</summary>
    /// <returns>Whether the surface is finite there.</returns>
    public bool Look(double low, double high)
    {
        (Low, High) = (low, high);
        var rounding = true;
        for (var i = 0; i < 2; i++)
        {
            var shift = i == 0 ? low : high;
            _ends[i]?.Dispose();
            _space.Copy(_theta, _places[i]);
            _space.Axpy(shift, _direction, _places[i]);
            var end = _ends[i] = _surface.At(_places[i]);
            _space.Copy(end.Gradient, _data[2 + i]);
            _space.Axpy(-1, _gradient, _data[2 + i]);
            _space.Axpy(-shift, _product, _data[2 + i]);
            end.HessianVector(_direction, _data[4 + i]);
            _space.Axpy(-1, _product, _data[4 + i]);
            var size = _space.Norm(_gradient) + (_productSize * (Math.Abs(shift) + _position));
            rounding &=
                _space.Norm(_data[2 + i]) <= Rounding * _space.UnitRoundoff * size
                && _space.Norm(_data[4 + i]) <= Rounding * _space.UnitRoundoff * _productSize;
        }

        var finite = true;
        for (var i = 2; i < Data; i++)
        {
            finite &= double.IsFinite(_space.Norm(_data[i]));
            if (rounding)
                _space.Scale(0, _data[i]);
            Project(i);
        }

        return finite;
    }

    /// <summary>Whether v is still the direction that leads at both ends: H v points along it by at least 45 degrees.</summary>
    public bool Leads => Enumerable.Range(4, 2).All(end => _along[1] + _along[end] >= Across(end));

    /// <summary>|P_perp H_i v|, from H_0 v + y_i.</summary>
    private double Across(int end) =>
        Math.Sqrt(
            Math.Max(
                0,
                _space.Dot(_data[1], _data[1])
                    + (2 * _space.Dot(_data[1], _data[end]))
                    + _space.Dot(_data[end], _data[end])
            )
        );

    /// <summary>T_a - T_0 and T_b - T_0 by some of their columns.</summary>
    public double[][,] Stiffnesses(FloorColumns<TVector> floor, int columns) =>
        [floor.Difference(_ends[0]!, columns), floor.Difference(_ends[1]!, columns)];

    /// <summary>The vectors that the Krylov basis starts from: P_perp g_0 and the singular directions of P_perp (g_i - g_0), the longer first.</summary>
    public IVectorBlock<TVector> Starts(IVectorBlock<TVector>? further)
    {
        var starts = _space.CreateBlock(3 + (further?.Capacity ?? 0));
        _space.Copy(_data[0], starts[0]);
        for (var i = 3; i < starts.Capacity; i++)
        {
            _space.Copy(further![i - 3], starts[i]);
            _space.Axpy(-_space.Dot(_direction, starts[i]), _direction, starts[i]);
        }

        if (High == 0)
            return starts;
        for (var i = 0; i < 2; i++)
        {
            _space.Copy(_data[2 + i], starts[1 + i]);
            // Where the line is straight, what is left of H_0 v off v is the residual of v_1 or rounding; the Krylov space finds it by itself.
            if (_space.Norm(_data[2 + i]) > 0)
                _space.Axpy(i == 0 ? Low : High, _data[1], starts[1 + i]);
        }

        Rotate(starts[1], starts[2]);
        return starts;
    }

    /// <summary>The jet without its floor.</summary>
    public Jet Jet(double loss, double trailing, double gap)
    {
        var rows = Rows();
        var products = new double[Data, Data];
        for (var i = 0; i < Data; i++)
        for (var j = 0; j < Data; j++)
            products[i, j] = i <= j ? _space.Dot(_data[i], _data[j]) : products[j, i];
        var (order, moments) = (rows.Length, new double[rows.Length]);
        var (gram, drift) = (new double[order, order], new double[order]);
        moments[0] = _along[0];
        for (var j = 0; j < order; j++)
        {
            if (j > 0)
                moments[j] = Combined(rows[j - 1], i => _along[i]);
            drift[j] = -Combined(rows[j], i => products[0, i]);
            for (var k = 0; k <= j; k++)
                gram[j, k] = gram[k, j] = Combined(rows[j], a => Combined(rows[k], b => products[a, b]));
        }

        var turned = Math.Max(Across(4), Across(5));
        return new Jet(loss, moments, gram, drift, products[0, 0], trailing, gap)
        {
            Swing = new Swing(Low, High, turned / gap),
        };
    }

    /// <summary>b_1 to b_6 and g_Q.</summary>
    public (double[][] Gradients, double[] Slope) Gradients(IVectorBlock<TVector> basis, int count)
    {
        var projected = new double[Data][];
        for (var i = 0; i < Data; i++)
            basis.Project(_data[i], projected[i] = new double[count]);
        return (
            [
                .. Rows()
                    .Select(row =>
                        Enumerable.Range(0, count).Select(c => Combined(row, i => projected[i][c])).ToArray()
                    ),
            ],
            projected[0]
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var end in _ends)
            end?.Dispose();
        foreach (var place in _places)
            _space.Release(place);
        _space.Release(_product);
        _data.Dispose();
    }

    /// <summary>The derivatives of orders 1 to 6 in u of a quantity whose data are the rows: the first is measured, four follow from the interpolant, the sixth is 0.</summary>
    private double[][] Rows()
    {
        var rows = Enumerable.Range(0, 6).Select(_ => new double[Data]).ToArray();
        rows[0][1] = 1;
        if (High == 0)
            return rows;
        var weights = SwingInterpolant.Weights(Low, High);
        for (var j = 0; j < 4; j++)
        for (var i = 0; i < 4; i++)
            rows[1 + j][2 + i] = weights[j, i];
        return rows;
    }

    private static double Combined(double[] row, Func<int, double> values)
    {
        var sum = 0.0;
        for (var i = 0; i < row.Length; i++)
            if (row[i] != 0)
                sum += row[i] * values(i);
        return sum;
    }

    private void Project(int row)
    {
        _along[row] = _space.Dot(_direction, _data[row]);
        _space.Axpy(-_along[row], _direction, _data[row]);
    }

    /// <summary>One Jacobi rotation makes two vectors orthogonal: they are then along the singular directions.</summary>
    private void Rotate(TVector x, TVector y)
    {
        var overlap = _space.Dot(x, y);
        var (xx, yy) = (_space.Dot(x, x), _space.Dot(y, y));
        var tangent = 0.0;
        if (overlap != 0)
        {
            var half = (yy - xx) / (2 * overlap);
            tangent = (half < 0 ? -1 : 1) / (Math.Abs(half) + Math.Sqrt(1 + (half * half)));
        }

        // Up to a common factor, which no direction knows: x - t y and y + t x.
        var kept = _space.Create();
        _space.Copy(x, kept);
        _space.Axpy(-tangent, y, x);
        _space.Axpy(tangent, kept, y);
        if (_space.Norm(y) > _space.Norm(x))
        {
            _space.Copy(x, kept);
            _space.Copy(y, x);
            _space.Copy(kept, y);
        }

        _space.Release(kept);
    }
}
