namespace FlatBias.NeuralValidation.Data;

/// <summary>A data set as it was loaded.</summary>
/// <param name="Name">What it is: one of the names in <see cref="DataCatalogue.All"/>.</param>
/// <param name="Origin">Where it came from: embedded, a folder or file, or drawn.</param>
/// <param name="Train">The training samples.</param>
/// <param name="Test">The test samples.</param>
/// <param name="Normalisation">What was done to the inputs, as records state it.</param>
public sealed record DataSet(
    string Name,
    string Origin,
    LabelledSamples Train,
    LabelledSamples Test,
    string Normalisation
)
{
    /// <summary>What a user should know of it before a run; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>A hash of all samples, training and test.</summary>
    /// <returns>Two times sixteen hexadecimal digits.</returns>
    public string Hash() => $"{Train.Hash()}-{Test.Hash()}";
}
