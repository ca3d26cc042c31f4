using FlatBias.Quadratic.Arithmetic;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Arithmetic;

/// <summary>Taylor arithmetic: known series, the derivative one order up by differences, and algebraic identities on random series.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public class TaylorTests
{
    [Property]
    public void Functions_OnALine_HaveTheKnownSeries(LogUniform size, Real sign)
    {
        var (x, signed) = (size.Value, size.In(1e-3, 30) * Math.Sign(sign.Value));
        var (exp, log, sqrt) = (
            Taylor.Exp(Taylor.Line(signed, 1)),
            Taylor.Log(Taylor.Line(x, 1)),
            Taylor.Sqrt(Taylor.Line(x, 1))
        );
        var (sin, cos) = Taylor.SinCos(Taylor.Line(signed, 1));
        var (factorial, binomial) = (1.0, 1.0);
        // On a line each coefficient is the one before times a known factor, without cancellation: at most 8 roundings an order, 48 in all, relative to the term itself.
        for (var k = 0; k <= Taylor.Order; k++)
        {
            Relative(Math.Exp(signed) / factorial, exp[k], 0, $"exp {k}");
            if (k > 0)
                Relative((k % 2 == 1 ? 1 : -1) / (k * Math.Pow(x, k)), log[k], 0, $"log {k}");
            Relative(binomial * Math.Pow(x, 0.5 - k), sqrt[k], 0, $"sqrt {k}");
            // The k-th derivative turns the sine by k quarters; the phase of a large argument is exact in neither route, hence absolute.
            double[] turned = [Math.Sin(signed), Math.Cos(signed), -Math.Sin(signed), -Math.Cos(signed)];
            Relative(turned[k % 4] / factorial, sin[k], 1 / factorial, $"sin {k}");
            Relative(turned[(k + 1) % 4] / factorial, cos[k], 1 / factorial, $"cos {k}");
            factorial *= k + 1;
            binomial *= (0.5 - k) / (k + 1);
        }

        static void Relative(double expected, double actual, double scale, string what) =>
            Near.Equal(expected, actual, 48 * Near.Roundoff * Math.Max(Math.Abs(expected), scale), what);
    }

    [Property]
    public void Tanh_OnALine_HasTheDerivativePolynomials(Real at)
    {
        // With t = tanh x, the k-th derivative is a polynomial in t: p_(k+1) = p_k' (1 - t^2).
        var x = 6 * at.Value;
        var t = Math.Tanh(x);
        var series = Taylor.Tanh(Taylor.Line(x, 1));
        double[] polynomial = [0, 1];
        var factorial = 1.0;
        for (var k = 0; k <= Taylor.Order; k++)
        {
            var (value, majorant) = (0.0, 0.0);
            for (var i = polynomial.Length - 1; i >= 0; i--)
                (value, majorant) = ((value * t) + polynomial[i], (majorant * Math.Abs(t)) + Math.Abs(polynomial[i]));
            // 7 orders of at most 8 roundings, each carried by the polynomial of absolute values.
            Near.Equal(value / factorial, series[k], 64 * Near.Roundoff * majorant / factorial, $"tanh {k}");
            factorial *= k + 1;
            var slope = polynomial.Skip(1).Select((c, i) => c * (i + 1)).ToArray();
            polynomial =
            [
                .. Enumerable
                    .Range(0, slope.Length + 2)
                    .Select(i => slope.ElementAtOrDefault(i) - (i >= 2 ? slope[i - 2] : 0)),
            ];
        }
    }

    [Property]
    public void Coefficients_OfAComposite_AreTheDifferencesOfTheOnesBelow(Real at)
    {
        var series = Composite.Of(Taylor.Line(at.Value, 1));
        Near.Equal(Composite.Of<Scalar>(at.Value).Value, series[0], 32 * Near.Roundoff * Composite.Bound, "value");
        for (var k = 0; k < Taylor.Order; k++)
        {
            // (k + 1) c_(k+1) = c_k'. By Cauchy's estimate the ninth derivative of c_k is below (k+9)!/k! Bound / 1.2^(k+9), at most 3.4e9 for k = 5;
            // the truncation h^8 / 630 of it is 6e-10, the rounding u |c_k| / h is four orders below.
            var expected = Differences.Derivative(t => Composite.Of(Taylor.Line(at.Value + t, 1))[k]);
            Near.Equal(expected, (k + 1) * series[k + 1], 1e-9, $"coefficient {k + 1}");
        }
    }

    [Property]
    public void Ring_RandomSeries_DistributesCommutesAndRaisesToPowers(Seed seed, LogUniform a, LogUniform b, Size n)
    {
        var random = seed.Random();
        Taylor x = Series.Random(random, a.Value, a.Value),
            y = Series.Random(random, -b.Value, b.Value),
            z = Series.Random(random, 1, 1);
        Taylor mx = Series.Majorant(x),
            my = Series.Majorant(y),
            mz = Series.Majorant(z);
        Series.Close((x * z) + (y * z), (x + y) * z, (mx + my) * mz, "(x + y) z");
        Series.Close((x * z) - (y * z), (x - y) * z, (mx + my) * mz, "(x - y) z");
        Series.Close(y * x, x * y, mx * my, "x y");
        Series.Close(x * (y * z), x * y * z, mx * my * mz, "x (y z)");
        Series.Close(-(x * y), -x * y, mx * my, "-x y");
        Taylor product = 1.0,
            majorant = 1.0;
        for (var i = 0; i < n.Value; i++)
            (product, majorant) = (product * x, majorant * mx);
        Series.Close(product, Power(x, n.Value), majorant, "x^n", extra: n.Value);

        static T Power<T>(T value, int exponent)
            where T : struct, IReal<T> => T.Power(value, exponent);
    }

    [Property]
    public void Quotient_TimesItsDivisor_IsTheDividend(Seed seed, LogUniform a, LogUniform b)
    {
        var random = seed.Random();
        Taylor x = Series.Random(random, a.Value, a.Value),
            y = Series.Random(random, -b.Value, b.Value);
        // 1/y is majorised by 1/(|y_0| - tail).
        var majorant = Series.Majorant(x) / (Math.Abs(y[0]) - Series.Tail(y)) * Series.Majorant(y);
        Series.Close(x, x / y * y, majorant, "(x / y) y");
    }

    [Property]
    public void Sqrt_Squared_IsTheArgument(Seed seed, LogUniform a)
    {
        var x = Series.Random(seed.Random(), a.Value, a.Value);
        var root = Taylor.Sqrt(x);
        // All coefficients of -sqrt(x_0 - t) but the first are positive: |sqrt x| is majorised by 2 sqrt(x_0) - sqrt(x_0 - tail).
        var majorant = (2 * Math.Sqrt(x[0])) - Taylor.Sqrt(x[0] - Series.Tail(x));
        Series.Close(x, root * root, majorant * majorant, "sqrt(x)^2");
    }

    [Property]
    public void ExpAndLog_AreInverseAndHomomorphisms(Seed seed, LogUniform a, LogUniform b, Real at)
    {
        var random = seed.Random();
        Taylor x = Series.Random(random, a.Value, a.Value),
            y = Series.Random(random, b.Value, b.Value),
            z = Series.Random(random, 20 * at.Value, 1),
            w = Series.Random(random, 5 * at.Value, 1);
        // |log x| is majorised by |log x_0| - log(1 - tail / x_0), and exp of the latter part by 1 / (1 - tail / x_0); the rounding of log x_0 is amplified by itself.
        var size = 1 + Math.Abs(Math.Log(x[0])) + Math.Abs(Math.Log(y[0]));
        Taylor rx = Series.Tail(x) / x[0],
            ry = Series.Tail(y) / y[0];
        Series.Close(x, Taylor.Exp(Taylor.Log(x)), x[0] / (1.0 - rx), "exp(log x)", size);
        Series.Close(
            Taylor.Log(x) + Taylor.Log(y),
            Taylor.Log(x * y),
            size - Taylor.Log((1.0 - rx) * (1.0 - ry)) - Taylor.Log(2.0 - ((1.0 + rx) * (1.0 + ry))),
            "log(x y)"
        );
        // exp z is exp(z_0) times a series majorised by e = exp(tail); log of that by -log(2 - e).
        var (e, f) = (Taylor.Exp(Series.Tail(z)), Taylor.Exp(Series.Tail(w)));
        Series.Close(z, Taylor.Log(Taylor.Exp(z)), 1 + Math.Abs(z[0]) - Taylor.Log(2.0 - e), "log(exp z)");
        Series.Close(
            Taylor.Exp(z) * Taylor.Exp(w),
            Taylor.Exp(z + w),
            Math.Exp(z[0] + w[0]) * e * f,
            "exp(z + w)",
            Math.Abs(z[0]) + Math.Abs(w[0])
        );
    }

    [Property]
    public void SinCos_RandomSeries_ObeyPythagorasAndAddition(Seed seed, LogUniform a, LogUniform b)
    {
        var random = seed.Random();
        Taylor x = Series.Random(random, a.Value, 1),
            y = Series.Random(random, -b.Value, 1);
        var ((sx, cx), (sy, cy)) = (Taylor.SinCos(x), Taylor.SinCos(y));
        var (sum, _) = Taylor.SinCos(x + y);
        // Sine and cosine are both majorised by exp(tail). In the sum the head x_0 + y_0 is rounded: u (|x_0| + |y_0|) more.
        Taylor ex = Taylor.Exp(Series.Tail(x)),
            ey = Taylor.Exp(Series.Tail(y));
        Series.Close(1.0, (sx * sx) + (cx * cx), 2.0 * ex * ex, "sin^2 + cos^2");
        Series.Close((sx * cy) + (cx * sy), sum, 2.0 * ex * ey, "sin(x + y)", a.Value + b.Value);
    }

    [Property]
    public void TanhAndSoftplus_RandomSeries_AreTheirExponentialForms(Seed seed, Real at)
    {
        var x = Series.Random(seed.Random(), 3 * at.Value, 0.5);
        var (e, e2) = (Taylor.Exp(x), Taylor.Exp(2.0 * x));
        // With e = exp(tail), the quotient is majorised by e^2 / (2 - e^2) and the logarithm by -log(2 - e); both heads are below 4, amplified by exp(x_0) at most 20.
        var (m, m2) = (Taylor.Exp(Series.Tail(x)), Taylor.Exp(2.0 * Series.Tail(x)));
        Series.Close((e2 - 1.0) / (e2 + 1.0), Taylor.Tanh(x), m2 / (2.0 - m2), "tanh", 8);
        Series.Close(Taylor.Log(1.0 + e), Taylor.Softplus(x), 4 - Taylor.Log(2.0 - m), "softplus", 8);
    }

    [Property]
    public void Softplus_OfPlusAndMinus_DifferByTheArgument(Seed seed, LogUniform a)
    {
        var x = Series.Random(seed.Random(), a.Value, 1);
        // s = logistic and r = 1 - s obey s' = s r x' = -r': both, at most 1 at the head, are majorised by 1 / (1 - tail), the integral by -log(1 - tail).
        Series.Close(
            x,
            Taylor.Softplus(x) - Taylor.Softplus(-x),
            1 + a.Value - Taylor.Log(1.0 - Series.Tail(x)),
            "softplus(x) - softplus(-x)"
        );
    }
}
