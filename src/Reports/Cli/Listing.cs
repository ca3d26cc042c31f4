using System.Text.Encodings.Web;
using System.Text.Json;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Reports.Cli;

/// <summary>How everything that is chosen by name is listed: for people, and for programs.</summary>
internal static class Listing
{
    // A list is read by people too: letters stay letters.
    private static readonly JsonWriterOptions Json = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints a kind under its heading, in its groups where it has some.</summary>
    public static void Print(ListedKind kind)
    {
        Console.WriteLine($"{kind.Heading}:");
        foreach (var group in kind.All().GroupBy(listed => listed.Group))
        {
            if (group.Key is { } title)
                Console.WriteLine($"  {title}");
            foreach (var listed in group)
                Print(kind, listed, group.Key is null ? "  " : "      ");
        }

        Console.WriteLine();
    }

    /// <summary>Prints one and its parameters.</summary>
    public static void Print(ListedKind kind, Listed listed, string indent)
    {
        var fact = listed.Fact is { } text ? kind.FactForm.Replace("{0}", text, StringComparison.Ordinal) : "";
        Console.WriteLine($"{indent}{listed.Name}: {listed.Summary}{fact}");
        Print(listed.Parameters, indent);
    }

    /// <summary>Prints parameters below what has them.</summary>
    public static void Print(IEnumerable<Parameter> parameters, string indent)
    {
        foreach (var parameter in parameters)
            Console.WriteLine($"{indent}    {parameter.Name} = {parameter.Default}: {parameter.Meaning}");
    }

    /// <summary>Prints kinds as one object: under the name of each, all that is of it.</summary>
    public static void PrintJson(IEnumerable<ListedKind> kinds) =>
        Write(json =>
        {
            json.WriteStartObject();
            foreach (var kind in kinds)
            {
                json.WritePropertyName(kind.Plural);
                Write(json, kind);
            }

            json.WriteEndObject();
        });

    /// <summary>Prints all of a kind as a list.</summary>
    public static void PrintJson(ListedKind kind) => Write(json => Write(json, kind));

    /// <summary>Prints one as an object.</summary>
    public static void PrintJson(ListedKind kind, Listed listed) => Write(json => Write(json, kind, listed));

    private static void Write(Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Json))
            content(json);
        Console.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void Write(Utf8JsonWriter json, ListedKind kind)
    {
        json.WriteStartArray();
        foreach (var listed in kind.All())
            Write(json, kind, listed);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ListedKind kind, Listed listed)
    {
        json.WriteStartObject();
        json.WriteString("name", listed.Name);
        json.WriteString("summary", listed.Summary);
        if (listed.Fact is { } fact)
            json.WriteString(kind.Fact, fact);
        if (listed.Group is { } group)
            json.WriteString("group", group);
        json.WriteStartArray("parameters");
        foreach (var parameter in listed.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("default", parameter.Default);
            json.WriteString("meaning", parameter.Meaning);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
