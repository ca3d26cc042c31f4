using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Tests.Files;

public sealed class DataFileExceptionTests
{
    [Fact]
    public void Message_ControlCharacters_BecomeSpaces() =>
        Assert.Equal("a b: c d  e.", new DataFileException("a\nb", "c\td\r\ne").Message);

    [Fact]
    public void Message_Question_EndsAsOne() =>
        Assert.Equal("a: no b. Did you mean c?", new DataFileException("a", "no b. Did you mean c?").Message);

    [Fact]
    public void Message_EndlessProblem_IsClipped() =>
        Assert.InRange(new DataFileException("file", new string('x', 1_000_000)).Message.Length, 100, 1000);
}
