using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Arithmetic;

/// <summary>Derivatives where a function has all but reached its limit, eq. (10.30): right to roundoffs of themselves,
/// by every number type.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public class TailTests
{
    // A coefficient is at most four orders of eight roundings, none a difference of nearly equal numbers.
    private const double Few = 4 * 8 * Near.Roundoff;

    [Theory]
    // Taylor coefficients of tanh by mpmath at 400 digits.
    [InlineData(0.001, 0.99999900000066667, -0.00099999866666780002, -0.33333200000188889, 0.00066666477778053334)]
    [InlineData(5, 0.00018158323094380668, -0.00018156674396045278, 0.00012102251482611113, -6.0489278510817308e-5)]
    [InlineData(10, 8.2446144557673974e-9, -8.2446144217805635e-9, 5.4964095692045974e-9, -2.7482047392865206e-9)]
    [InlineData(19, 1.2556531168192118e-16, -1.2556531168192117e-16, 8.3710207787947436e-17, -4.1855103893973707e-17)]
    [InlineData(20, 1.6993417021166356e-17, -1.6993417021166356e-17, 1.132894468077757e-17, -5.6644723403887849e-18)]
    [InlineData(-20, 1.6993417021166356e-17, 1.6993417021166356e-17, 1.132894468077757e-17, 5.6644723403887849e-18)]
    [InlineData(50, 1.4880303904083344e-43, -1.4880303904083344e-43, 9.9202026027222292e-44, -4.9601013013611146e-44)]
    [InlineData(
        300,
        1.0601586212017243e-260,
        -1.0601586212017243e-260,
        7.0677241413448288e-261,
        -3.5338620706724144e-261
    )]
    [InlineData(
        -350,
        3.9438706175039083e-304,
        3.9438706175039083e-304,
        2.6292470783359389e-304,
        1.3146235391679694e-304
    )]
    public void Tanh_AnyArgument_HasItsDerivativesToRoundoffsOfThemselves(
        double x,
        double first,
        double second,
        double third,
        double fourth
    )
    {
        double[] expected = [first, second, third, fourth];
        var series = Taylor.Tanh(Taylor.Line(x, 1));
        var twice = Dual<Dual<Scalar>>.Tanh(new(new(x, 1.0), 1.0));
        var both = Dual<Taylor>.Tanh(new(Taylor.Line(x, 1), 1.0));
        for (var k = 1; k <= 4; k++)
            Relative(expected[k - 1], series[k], $"series {k}");
        for (var k = 1; k <= 4; k++)
            Relative(k * expected[k - 1], both.Slope[k - 1], $"slope of the series {k}");
        Relative(first, Dual<Scalar>.Tanh(new(x, 1.0)).Slope.Value, "dual");
        Relative(first, twice.Slope.Value.Value, "nested dual, first");
        Relative(2 * second, twice.Slope.Slope.Value, "nested dual, second");
    }

    [Property]
    public void Tanh_FarOut_DecaysAsItsExponential(LogUniform size)
    {
        // tanh x = 1 - 2 e^(-2x) + 2 e^(-4x) - ...: coefficient k is -2 (-2)^k e^(-2x) / k!, and the next term 2^k
        // e^(-2x) < 2^6 e^(-44) = 5e-18 of it.
        var x = size.In(22, 350);
        var series = Taylor.Tanh(Taylor.Line(x, 1));
        var expected = -2 * Math.Exp(-2 * x);
        for (var k = 1; k <= Taylor.Order; k++)
        {
            expected *= -2.0 / k;
            // Two more orders than above.
            Near.Equal(expected, series[k], 2 * Few * Math.Abs(expected), $"coefficient {k} at {x}");
        }
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 1, 0)]
    [InlineData(double.NegativeInfinity, -1, 0)]
    [InlineData(800, 1, 0)]
    [InlineData(double.NaN, double.NaN, double.NaN)]
    public void TanhWithSlope_BeyondTheRange_IsTheLimit(double x, double tanh, double slope) =>
        Assert.Equal((new Scalar(tanh), new Scalar(slope)), Scalar.TanhWithSlope(x));

    [Property]
    public void Softplus_NestedInEitherTail_HasTheLogisticSlopes(LogUniform size, Real sign)
    {
        // softplus'' = 1 / (4 cosh^2(x/2)), even in x; exp(-softplus) amplifies the rounding of its argument by |x|.
        var x = size.In(1e-3, 700) * Math.Sign(sign.Value);
        var expected = 0.25 / (Math.Cosh(x / 2) * Math.Cosh(x / 2));
        var nested = Dual<Dual<Scalar>>.Softplus(new(new(x, 1.0), 1.0)).Slope.Slope.Value;
        Near.Equal(expected, nested, (Few + (4 * Math.Abs(x) * Near.Roundoff)) * expected, "nested dual");
        // 1 / (1 + e^x) is right to roundoffs of itself until e^x leaves the range, at 709.
        Near.Equal(expected / 2, Taylor.Softplus(Taylor.Line(x, 1))[2], Few * expected / 2, "series");
    }

    [Property]
    public void Logistic_NearZero_KeepsItsOddDerivatives(LogUniform size)
    {
        // z''' = w (2 s - 1) = -tanh(x/2) / (4 cosh^2(x/2)) = -x/8 (1 + O(x^2/3)); z^(5) = w d (1 - 12 w), and w = 1/4
        // - x^2/16: +x/4. At x below 1e-9 the rest is below a roundoff.
        var x = size.In(1e-300, 1e-9);
        var z = new double[8];
        default(LogisticLink).Derivatives(x, z);
        Near.Equal(-x / 8, z[3], Few * x, "third");
        Near.Equal(x / 4, z[5], Few * x, "fifth");
    }

    private static void Relative(double expected, double actual, string what) =>
        Near.Equal(expected, actual, Few * Math.Abs(expected), what);
}
