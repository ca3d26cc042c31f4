using FlatBias.Reports.Figures;

namespace FlatBias.Reports.Tests.Figures;

public class TickLabelsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.30000000000000004, "0.3")]
    [InlineData(-12.5, "−12.5")]
    [InlineData(20000, "20000")]
    [InlineData(0.001, "0.001")]
    [InlineData(100000, "10^{5}")]
    [InlineData(-1e-6, "−10^{−6}")]
    [InlineData(2.5e-7, "2.5×10^{−7}")]
    [InlineData(1e300, "10^{300}")]
    public void Linear_Value_IsShort(double value, string label) => Assert.Equal(label, TickLabels.Linear(value));

    [Theory]
    [InlineData(0.3, 0.01, 100, "0.3")]
    [InlineData(10, 0.01, 100, "10")]
    [InlineData(10, 1e-6, 100, "10^{1}")]
    [InlineData(0.3, 1e-6, 1, "3×10^{−1}")]
    [InlineData(1, 1e-6, 1, "10^{0}")]
    public void Logarithmic_Value_IsWrittenInTheMannerOfItsAxis(double value, double low, double high, string label) =>
        Assert.Equal(label, TickLabels.Logarithmic(value, low, high));
}
