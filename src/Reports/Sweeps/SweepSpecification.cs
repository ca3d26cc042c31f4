using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;

namespace FlatBias.Reports.Sweeps;

/// <summary>A sweep as a JSON file states it: a study, and the axes that its parameters run over. docs/sweeps.md describes the file.</summary>
/// <param name="Study">The study, with the values that hold at every point.</param>
/// <param name="Plan">The axes.</param>
/// <param name="Json">The file without white space: what names the sweep.</param>
internal sealed record SweepSpecification(SweepStudy Study, SweepPlan Plan, string Json)
{
    /// <summary>SHA-256 of the specification.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)));

    /// <summary>Rows of this sweep as a Parquet file.</summary>
    public byte[] Table(IReadOnlyList<PlacedRow> rows) => SweepFile.Write(Plan, Study.Values, rows);

    /// <summary>Reads a specification and checks all that can be checked before any work.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="training">Reads the options of a training.</param>
    /// <exception cref="ArgumentException">Something is wrong; the message names file, line and path.</exception>
    public static SweepSpecification Parse(string file, byte[] bytes, TrainingReader training)
    {
        // Some editors begin with a byte order mark, which JSON does not allow.
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var root = SpecNode.Parse(file, bytes);
        var (study, given) = root.Members.ContainsKey("network") ? Network(root, training) : Landscape(root);
        var axes = root.Member("axes");
        if (axes.Items.Count == 0)
            throw axes.Wrong("is empty; there must be at least one axis");
        SweepPlan? plan = null;
        foreach (var node in axes.Items)
        {
            var axis = ReadAxis(node);
            node.Member("parameter").Guard(() => Check(study, axis, given));
            plan = node.Guard(() => plan is null ? Sweep.Over(axis) : plan.And(axis));
        }

        // The first point stands for what every point shares, such as the length of the start.
        root.Guard(() => Checked(study.At(plan!.PointAt(0))));
        using var document = JsonDocument.Parse(
            bytes,
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        return new SweepSpecification(study, plan!, JsonSerializer.Serialize(document));
    }

    /// <summary>A descent on a landscape, and the members that set its parameters.</summary>
    private static (SweepStudy Study, IReadOnlyDictionary<string, SpecNode> Given) Landscape(SpecNode root)
    {
        root.Allow("landscape", "start", "set", "axes");
        var name = root.Member("landscape");
        var descent = new DescentStudy { Landscape = name.Text() };
        name.Guard(() => descent.ParameterNames);
        if (root.Members.TryGetValue("start", out var start))
            descent = descent with { Start = [.. start.Items.Select(item => item.Number())] };
        return root.Members.TryGetValue("set", out var set)
            ? (Set(new LandscapeStudy(descent), set), set.Members)
            : (new LandscapeStudy(descent), new Dictionary<string, SpecNode>());
    }

    /// <summary>A training, and the members that set its options.</summary>
    private static (SweepStudy Study, IReadOnlyDictionary<string, SpecNode> Given) Network(
        SpecNode root,
        TrainingReader training
    )
    {
        root.Allow("network", "axes");
        var network = root.Member("network");
        return (Set(new NetworkStudy(training, []), network), network.Members);
    }

    private static SweepStudy Set(SweepStudy study, SpecNode members)
    {
        foreach (var (parameter, value) in members.Members)
            study = value.Guard(() => study.With(parameter, value.Written()));
        return study;
    }

    private static bool Check(SweepStudy study, Axis axis, IReadOnlyDictionary<string, SpecNode> given)
    {
        if (given.ContainsKey(axis.Name))
            throw new ArgumentException($"'{axis.Name}' is both set and an axis.");
        study.Check(axis);
        return true;
    }

    private static SweepStudy Checked(SweepStudy study)
    {
        study.Check();
        return study;
    }

    private static Axis ReadAxis(SpecNode node)
    {
        node.Allow("parameter", "linear", "log", "list", "whole");
        var parameter = node.Member("parameter").Text();
        if (node.Members.Count != 2)
            throw node.Wrong("must have 'parameter' and one of linear, log, list and whole");
        var (kind, values) = node.Members.Single(member => member.Key != "parameter");
        return values.Guard(() =>
            kind switch
            {
                "linear" => Spaced(values, (from, to, count) => Axis.Linear(parameter, from, to, count)),
                "log" => Spaced(values, (from, to, count) => Axis.Log(parameter, from, to, count)),
                "whole" => Whole(parameter, values),
                "list" when values.Items.Any(item => item.IsText) => Axis.List(
                    parameter,
                    [.. values.Items.Select(item => item.Text())]
                ),
                "list" => Axis.List(parameter, [.. values.Items.Select(item => item.Number())]),
                _ => throw new UnreachableException($"{kind} was allowed"),
            }
        );
    }

    private static Axis Spaced(SpecNode values, Func<double, double, int, Axis> make)
    {
        values.Allow("from", "to", "count");
        return make(values.Member("from").Number(), values.Member("to").Number(), values.Member("count").Whole());
    }

    private static Axis Whole(string parameter, SpecNode values)
    {
        values.Allow("first", "last");
        return Axis.Whole(parameter, values.Member("first").Whole(), values.Member("last").Whole());
    }
}
