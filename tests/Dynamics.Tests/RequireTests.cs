using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests;

[Properties(Arbitrary = [typeof(Generators)])]
public class RequireTests
{
    [Property]
    public void Members_ValuesInRange_ReturnThem(LogUniform positive, Real real, Size size)
    {
        var fraction = real.In(0.001, 0.999);
        Assert.Equal(positive.Value, Require.Positive(positive.Value));
        Assert.Equal(fraction, Require.Fraction(fraction));
        Assert.Equal(real.Value, Require.Finite(real.Value));
        Assert.Equal(size.Value, Require.InRange(size.Value, 1, 8));
        Require.AllFinite([real.Value, positive.Value]);
        Require.Length(size.Value, size.Value, "values");
    }

    [Fact]
    public void Members_ValuesOutsideRange_NameParameterValueAndRange()
    {
        var (eta, count, values) = (-0.5, 9, new[] { 1, double.NegativeInfinity });
        Check("eta is -0.5; it must be a finite number above 0.", () => Require.Positive(eta));
        Check("eta is -0.5; it must be a number above 0 and below 1.", () => Require.Fraction(eta));
        Check("eta is -0.5; it must be a number of at least 0.", () => Require.NotNegative(eta));
        Check("double.NaN is NaN; it must be a finite number.", () => Require.Finite(double.NaN));
        Check("values[1] is -Infinity; it must be a finite number.", () => Require.AllFinite(values));
        Check("count is 9; it must be a whole number from 1 to 8.", () => Require.InRange(count, 1, 8));
        Check("count is 9; it must be a whole number of at least 10.", () => Require.InRange(count, 10));
        Check("values has 2 elements; it must have 3.", () => Require.Length(2, 3, nameof(values)));
    }

    private static void Check(string message, Action action) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
