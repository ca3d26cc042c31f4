namespace FlatBias.Lab.Landscapes;

/// <summary>A field holds what cannot be used.</summary>
/// <param name="field">The field, as it is called in the address.</param>
/// <param name="message">What is wrong and what is wanted.</param>
public sealed class FieldException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;

    /// <summary>Does what may fail for the sake of a field.</summary>
    /// <param name="field">The field, or what finds it from the name of the argument that is wrong.</param>
    /// <param name="make">What is done.</param>
    public static T Guard<T>(Func<string?, string> field, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw new FieldException(field(e.ParamName), Bare(e));
        }
    }

    /// <summary>The message without what .NET appends to it: the name of the argument and its value.</summary>
    private static string Bare(ArgumentException e)
    {
        var message = e.Message;
        var end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Split('\n')[0];
    }
}
