using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>1/2 (theta - c)^T A (theta - c).</summary>
internal readonly record struct QuadraticFormula(double[,] Matrix, double[] Centre) : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var i = 0; i < theta.Length; i++)
        for (var j = 0; j < theta.Length; j++)
            sum += (T)(0.5 * Matrix[i, j]) * (theta[i] - Centre[i]) * (theta[j] - Centre[j]);
        return sum;
    }
}

/// <summary>c (theta_1 theta_2)^m.</summary>
internal readonly record struct PowerFormula(int Exponent, double Coefficient) : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T> => (T)Coefficient * T.Power(theta[0] * theta[1], Exponent);
}

/// <summary>log(1 + exp(-theta_1 theta_2)).</summary>
internal readonly record struct LogisticFormula : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T> => T.Softplus(-(theta[0] * theta[1]));
}

/// <summary>V_0 + g . phi + sum_k (m_k + b_k . phi) u^k / k!.</summary>
internal readonly record struct ValleyFormula(double Floor, double[] Slope, double[] Moments, double[][] Gradients)
    : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = Floor,
            scaled = theta[0];
        for (var i = 0; i < Slope.Length; i++)
            sum += (T)Slope[i] * theta[i + 1];
        for (var k = 2; k < Moments.Length + 2; k++)
        {
            scaled = scaled * theta[0] / k;
            T moment = Moments[k - 2];
            for (var i = 0; i < Slope.Length; i++)
                moment += (T)Gradients[k - 2][i] * theta[i + 1];
            sum += moment * scaled;
        }

        return sum;
    }
}

/// <summary>1/2 sum_i a_i (prod_l theta_(l d + i) - y_i)^2; d = 1 and a = 1 make it the scalar product.</summary>
internal readonly record struct ProductsFormula(double[] Weights, double[] Targets) : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var i = 0; i < Weights.Length; i++)
        {
            T product = 1.0;
            for (var p = theta.Length - Weights.Length + i; p >= 0; p -= Weights.Length)
                product *= theta[p];
            sum += Weights[i] * T.Power(product - Targets[i], 2) * 0.5;
        }

        return sum;
    }
}

/// <summary>1/(2n) sum_s (sum_j X_sj u_j v_j - y_s)^2.</summary>
internal readonly record struct RegressionFormula(double[,] Inputs, double[] Targets) : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var s = 0; s < Targets.Length; s++)
        {
            T prediction = 0.0;
            for (var j = 0; j < theta.Length / 2; j++)
                prediction += theta[j] * theta[(theta.Length / 2) + j] * Inputs[s, j];
            sum += T.Power(prediction - Targets[s], 2);
        }

        return sum / (2.0 * Targets.Length);
    }
}

/// <summary>1/2 |W_N ... W_1 - M|_F^2, column by column of M: an input e_j sent through all layers.</summary>
internal readonly record struct LayersFormula(int[] Widths, double[,] Target) : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var input = 0; input < Widths[0]; input++)
        {
            var signal = new T[Widths[0]];
            signal[input] = 1.0;
            var at = 0;
            for (var l = 1; l < Widths.Length; l++)
            {
                var next = new T[Widths[l]];
                for (var i = 0; i < next.Length; i++)
                    foreach (var x in signal)
                        next[i] += theta[at++] * x;
                signal = next;
            }

            for (var i = 0; i < signal.Length; i++)
                sum += T.Power(signal[i] - Target[i, input], 2);
        }

        return (T)0.5 * sum;
    }
}

/// <summary>1/2 |U V^T - M|_F^2.</summary>
internal readonly record struct FactorsFormula(double[,] Target, int Rank) : ILossFunction
{
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        ReadOnlySpan<T> u = theta[..(Target.GetLength(0) * Rank)],
            v = theta[u.Length..];
        for (var i = 0; i < Target.GetLength(0); i++)
        for (var j = 0; j < Target.GetLength(1); j++)
        {
            T product = 0.0;
            for (var k = 0; k < Rank; k++)
                product += u[(i * Rank) + k] * v[(j * Rank) + k];
            sum += (product - Target[i, j]) * (product - Target[i, j]) / 2.0;
        }

        return sum;
    }
}
