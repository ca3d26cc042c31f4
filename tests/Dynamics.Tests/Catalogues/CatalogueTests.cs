using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Dynamics.Tests.Catalogues;

public class CatalogueTests
{
    [Theory]
    [InlineData("thing is 'x'; it must be a.", "a")]
    [InlineData("thing is 'x'; it must be a or b.", "a", "b")]
    [InlineData("thing is 'x'; it must be a, b or c.", "a", "b", "c")]
    public void Find_UnknownName_ListsTheNames(string message, params string[] names) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Of(names).Find("x")).Message);

    [Fact]
    public void Find_Name_IsItsEntry() => Assert.Equal("b", Of("a", "b").Find("b").Name);

    [Theory]
    [InlineData("A")]
    [InlineData("")]
    [InlineData(" a")]
    public void TryFind_AnythingElse_IsNotThere(string name) => Assert.False(Of("a").TryFind(name, out _));

    [Fact]
    public void Constructor_SameNameTwice_IsRefused() =>
        Assert.Contains("'a' is there twice", Assert.Throws<ArgumentException>(() => Of("a", "b", "a")).Message);

    private static Catalogue<Thing> Of(params string[] names) => new("thing", names.Select(name => new Thing(name)));

    private sealed record Thing(string Name) : INamed
    {
        public string Summary => "";
    }
}
