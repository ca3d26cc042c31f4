namespace FlatBias.NeuralValidation.Networks;

/// <summary>What is to be learnt of a sample.</summary>
public enum TargetKind
{
    /// <summary>Its class.</summary>
    Classes,

    /// <summary>Real numbers, one or several.</summary>
    Numbers,

    /// <summary>A token at each position of a sequence of tokens.</summary>
    Tokens,
}
