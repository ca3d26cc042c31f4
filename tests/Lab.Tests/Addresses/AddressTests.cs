using FlatBias.Lab.Addresses;
using FlatBias.Lab.Landscapes;
using FsCheck.Xunit;

namespace FlatBias.Lab.Tests.Addresses;

public class AddressTests
{
    [Property]
    public void ToString_AnyNamesAndValues_AreReadBack((string Name, string Value)[] items)
    {
        var address = new Address();
        // Half a surrogate pair is no text, and no address can hold it.
        foreach (var (name, value) in items.Where(item => IsText(item.Name) && IsText(item.Value) && item.Name != ""))
            address.Set(name, value);

        Assert.Equal(address.Under(""), Address.Parse(address.ToString()).Under(""));
    }

    [Theory]
    [InlineData("?a=1&a=2", "2")] // the last of two
    [InlineData("a=x+y", "x y")] // as forms write a space
    [InlineData("?a=%zz", "%zz")] // no escape
    [InlineData("?a", "")]
    [InlineData("?&&a=1=2&=3", "1=2")]
    public void Parse_OddQueries_AreRead(string query, string expected) =>
        Assert.Equal(expected, Address.Parse(query).Get("a"));

    [Fact]
    public void ToAddress_Settings_AreReadBackFromTheLink()
    {
        LandscapeSettings settings = new()
        {
            Landscape = "polynomial-valley",
            Parameters = new() { ["moments"] = "1.9,0.5,-1", ["stiffness"] = "none" },
            Start = "0.01,0,1e-5",
            StepSize = "drop:0.1,0.05,20",
            Steps = "123",
            Optimiser = "adam",
            OptimiserParameters = new() { ["bias-correction"] = "off" },
            X = "2",
            Y = "3",
            Map = "-1,1,-2,2",
            Flow = false,
            Theories = ["gradient-flow", "moment-map-4"],
            Horizon = "17",
            At = "5",
        };
        var link = settings.ToAddress().ToString();

        var read = LandscapeSettings.From(Address.Parse(link));

        Assert.Equal(link, read.ToAddress().ToString());
        Assert.Equal(settings.Parameters, read.Parameters);
        Assert.Equal(settings.OptimiserParameters, read.OptimiserParameters);
        Assert.Equal(settings.Theories, read.Theories);
        Assert.Equal(
            (settings.Start, settings.StepSize, settings.X, settings.Map, settings.Flow, settings.At),
            (read.Start, read.StepSize, read.X, read.Map, read.Flow, read.At)
        );
    }

    private static bool IsText(string? text) => text is not null && !text.Any(char.IsSurrogate);
}
