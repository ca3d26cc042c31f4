using System.Numerics.Tensors;

namespace FlatBias.Dynamics.Jets;

/// <summary>The cubic of the floor from its stiffness at places of the path: (4.15).</summary>
internal static class FloorKnots
{
    // The share of a knot across the first below which it is on the same line.
    private const double Aligned = 0.01;

    /// <summary>An orthonormal basis of the span of the knots, at most one vector for each: W, and the knots kept.</summary>
    public static (double[][] Span, double[][] Kept) Independent(double[][] knots)
    {
        List<double[]> span = [],
            kept = [];
        foreach (var knot in knots)
        {
            double[] rest = [.. knot];
            foreach (var w in span)
                TensorPrimitives.MultiplyAdd(w, -TensorPrimitives.Dot<double>(w, knot), rest, rest);
            var length = TensorPrimitives.Norm<double>(rest);
            if (!(length > Aligned * TensorPrimitives.Norm<double>(knot)))
                continue;
            span.Add([.. rest.Select(x => x / length)]);
            kept.Add(knot);
        }

        return ([.. span], [.. kept]);
    }

    /// <summary>A, r x r x r, zero off the span.</summary>
    /// <param name="span">W, orthonormal; the j-th knot lies in the first j + 1 of them.</param>
    /// <param name="knots">f_j.</param>
    /// <param name="differences">T(f_j) - T_0.</param>
    public static double[] Cubic(double[][] span, double[][] knots, double[][,] differences)
    {
        var r = knots[0].Length;
        var cubic = new double[r * r * r];
        var slopes = new double[span.Length][,];
        for (var k = 0; k < span.Length; k++)
        {
            // sum_j (w_j . f_k) D_j = T(f_k) - T_0 is triangular.
            slopes[k] = (double[,])differences[k].Clone();
            for (var j = 0; j < k; j++)
                Add(slopes[k], -TensorPrimitives.Dot<double>(span[j], knots[k]), slopes[j]);
            Add(slopes[k], (1 / TensorPrimitives.Dot<double>(span[k], knots[k])) - 1, slopes[k]);
        }

        for (var k = 0; k < span.Length; k++)
        {
            var form = Form(span, slopes[k]);
            for (var i = 0; i < r; i++)
            for (var j = 0; j < r; j++)
            for (var l = 0; l < r; l++)
                cubic[(((i * r) + j) * r) + l] +=
                    ((span[k][i] * form[j, l]) + (span[k][j] * form[i, l]) + (span[k][l] * form[i, j])) / 3;
        }

        return cubic;
    }

    /// <summary>D[p, p] + 3 D[p, q] + 3 D[q, q] as a symmetric matrix, p + q the parts of a vector in and off the span: with x = p + q it is 3 D[x, x] - 3 D[p, x] + D[p, p].</summary>
    private static double[,] Form(double[][] span, double[,] slope)
    {
        var r = slope.GetLength(0);
        var projected = Projected(span, slope);
        var twice = Projected(span, Transposed(projected));
        var form = new double[r, r];
        for (var i = 0; i < r; i++)
        for (var j = 0; j < r; j++)
            form[i, j] =
                (3 * slope[i, j]) - (1.5 * (projected[i, j] + projected[j, i])) + ((twice[i, j] + twice[j, i]) / 2);
        return form;
    }

    /// <summary>W^T W D.</summary>
    private static double[,] Projected(double[][] span, double[,] matrix)
    {
        var r = matrix.GetLength(0);
        var result = new double[r, r];
        foreach (var w in span)
            for (var j = 0; j < r; j++)
            {
                var overlap = 0.0;
                for (var i = 0; i < r; i++)
                    overlap += w[i] * matrix[i, j];
                for (var i = 0; i < r; i++)
                    result[i, j] += w[i] * overlap;
            }

        return result;
    }

    private static double[,] Transposed(double[,] matrix)
    {
        var r = matrix.GetLength(0);
        var result = new double[r, r];
        for (var i = 0; i < r; i++)
        for (var j = 0; j < r; j++)
            result[i, j] = matrix[j, i];
        return result;
    }

    private static void Add(double[,] target, double factor, double[,] source)
    {
        for (var i = 0; i < target.GetLength(0); i++)
        for (var j = 0; j < target.GetLength(1); j++)
            target[i, j] += factor * source[i, j];
    }
}
