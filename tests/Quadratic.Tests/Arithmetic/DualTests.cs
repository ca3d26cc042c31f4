using FlatBias.Quadratic.Arithmetic;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Arithmetic;

/// <summary>Dual numbers against closed derivatives, nested ones against the series, and the plain functions where they are delicate.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public class DualTests
{
    // A value and its slope are at most eight operations, all without cancellation unless said otherwise.
    private const double Few = 16 * Near.Roundoff;

    [Property]
    public void Functions_AnyArgument_HaveTheKnownDerivative(LogUniform size, Real sign, Real slope)
    {
        var (x, s) = (size.In(1e-3, 30) * Math.Sign(sign.Value), slope.Value);
        Dual<Scalar> signed = new(x, s),
            positive = new(size.Value, s);
        Check(Math.Exp(x), Dual<Scalar>.Exp(signed), 0, "exp");
        Check(1 / size.Value, Dual<Scalar>.Log(positive), 0, "log");
        Check(0.5 / Math.Sqrt(size.Value), Dual<Scalar>.Sqrt(positive), 0, "sqrt");
        Check(Math.Cos(x), Dual<Scalar>.SinCos(signed).Sin, 0, "sin");
        Check(-Math.Sin(x), Dual<Scalar>.SinCos(signed).Cos, 0, "cos");
        // Relative in the tail, too: cosh in the one route, e^(-2|x|) in the other, each right to a roundoff or two.
        Check(1 / (Math.Cosh(x) * Math.Cosh(x)), Dual<Scalar>.Tanh(signed), 0, "tanh");
        // Relative even in the tail; exp(-softplus(-x)) amplifies the rounding of its argument by |x|.
        Check(1 / (1 + Math.Exp(-x)), Dual<Scalar>.Softplus(signed), Math.Abs(x) / (1 + Math.Exp(-x)), "softplus");

        void Check(double derivative, Dual<Scalar> actual, double scale, string what) =>
            Near.Equal(derivative * s, actual.Slope.Value, Few * Math.Abs(s) * (Math.Abs(derivative) + scale), what);
    }

    [Property]
    public void ProductAndQuotient_AnyNumbers_FollowTheirRules(LogUniform a, LogUniform b, Real sa, Real sb)
    {
        Dual<Scalar> x = new(a.Value, sa.Value),
            y = new(-b.Value, sb.Value);
        var scale = (Math.Abs(sa.Value) * b.Value) + (a.Value * Math.Abs(sb.Value));
        Near.Equal((a.Value * sb.Value) - (sa.Value * b.Value), (x * y).Slope.Value, Few * scale, "(x y)'");
        Near.Equal(
            ((sa.Value * -b.Value) - (a.Value * sb.Value)) / (b.Value * b.Value),
            (x / y).Slope.Value,
            Few * scale / (b.Value * b.Value),
            "(x / y)'"
        );
        Near.Equal(sa.Value - sb.Value, (x - y).Slope.Value, Few, "(x - y)'");
        Near.Equal(-sa.Value - sb.Value, (-x - y).Slope.Value, Few, "(-x - y)'");
    }

    [Property]
    public void Nested_OfAComposite_GivesTheDerivativesOfTheSeries(Real at)
    {
        // Some 40 operations on numbers whose derivatives of order k are below k! Bound: 256 u of that covers both routes.
        const double tolerance = 256 * Near.Roundoff * Composite.Bound;
        var series = Composite.Of(Taylor.Line(at.Value, 1));
        var twice = Composite.Of(new Dual<Dual<Scalar>>(new(at.Value, 1.0), 1.0));
        Near.Equal(series[1], twice.Slope.Value.Value, tolerance, "first derivative, outer");
        Near.Equal(series[1], twice.Value.Slope.Value, tolerance, "first derivative, inner");
        Near.Equal(2 * series[2], twice.Slope.Slope.Value, 2 * tolerance, "second derivative");
        var dual = Composite.Of(new Dual<Taylor>(Taylor.Line(at.Value, 1), 1.0));
        for (var k = 0; k < Taylor.Order; k++)
            Near.Equal((k + 1) * series[k + 1], dual.Slope[k], (k + 1) * tolerance, $"series of the derivative, {k}");
    }

    [Property]
    public void Mixed_TwoVariables_DoNotDependOnTheOrder(Real a, Real b)
    {
        var xy = F(new Dual<Dual<Scalar>>(new(a.Value, 1.0), 0.0), new(b.Value, 1.0)).Slope.Slope.Value;
        var yx = F(new Dual<Dual<Scalar>>(a.Value, 1.0), new(new(b.Value, 1.0), 0.0)).Slope.Slope.Value;
        // f = exp(x y) / (2 + y): f_xy = e^(xy) [(1 + x y) / (2 + y) - y / (2 + y)^2], below 10; a dozen operations.
        var (e, d) = (Math.Exp(a.Value * b.Value), 2 + b.Value);
        Near.Equal(e * (((1 + (a.Value * b.Value)) / d) - (b.Value / (d * d))), xy, Few * 10, "f_xy");
        Near.Equal(xy, yx, Few * 10, "f_yx");

        static T F<T>(T x, T y)
            where T : struct, IReal<T> => T.Exp(x * y) / (y + 2.0);
    }

    [Property]
    public void Softplus_WideArguments_KeepsItsRelativeAccuracy(LogUniform size)
    {
        // log(1 + e^-x) = sum_j (-1)^(j+1) e^(-jx) / j for x >= 1/2 (to 80 terms, beyond which they are below u); softplus(x) = x + softplus(-x).
        var x = size.In(0.5, 700);
        var tail = 0.0;
        for (var j = 80; j >= 1; j--)
            tail += (j % 2 == 1 ? 1 : -1) * Math.Exp(-j * x) / j;
        Near.Equal(tail, Scalar.Softplus(-x).Value, Few * tail, "softplus(-x)");
        Near.Equal(x + tail, Scalar.Softplus(x).Value, Few * (x + tail), "softplus(x)");
    }
}
