using System.Text.Json;
using FlatBias.Dynamics.Descent;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;

namespace FlatBias.Quadratic.Tests.Descent;

/// <summary>Runs of torch.optim kept as fixtures, of which every few of 100 steps are given.</summary>
internal static class TorchRuns
{
    /// <summary>Makes a run of a fixture anew and holds it against what is given of it.</summary>
    /// <param name="fixture">The file.</param>
    /// <param name="index">Which run.</param>
    /// <param name="rule">The update rule of a run.</param>
    public static void Agree(string fixture, int index, Func<JsonElement, OptimiserSpec> rule)
    {
        using var stream = typeof(SmallNet).Assembly.GetManifestResourceStream(fixture)!;
        using var document = JsonDocument.Parse(stream);
        var run = document.RootElement.GetProperty("runs")[index];
        var trajectory = run.GetProperty("trajectory").Deserialize<double[][]>()!;
        var rows = document.RootElement.GetProperty("quadratic_matrix").Deserialize<double[][]>()!;
        var matrix = new double[rows.Length, rows.Length];
        foreach (var (i, j) in Enumerable.Range(0, rows.Length * rows.Length).Select(k => Math.DivRem(k, rows.Length)))
            matrix[i, j] = rows[i][j];
        Landscape landscape =
            run.GetProperty("problem").GetString() == "quadratic"
                ? new QuadraticBowl(matrix, new double[rows.Length])
                : new TwoParameterNetwork<PowerLink>(new PowerLink(2));
        var spec = rule(run);
        double[] theta = [.. trajectory[0]];
        var seen = new List<double[]>();
        using var made = spec.Create(landscape.Space);
        DescentLoop.Run(
            landscape,
            made,
            run.GetProperty("step_size").GetDouble(),
            new DescentLimits(100),
            theta,
            [new(run.GetProperty("every").GetInt32(), state => seen.Add([.. state.Theta]))]
        );
        // 100 steps of some 14 operations on numbers up to 10; rounding grows with the run's own sensitivity, below 1e3
        // here, as in the runs of optimisers.json.
        for (var i = 0; i < trajectory.Length; i++)
            Near.Equal(
                trajectory[i],
                seen[i],
                1e3 * 100 * 14 * Near.Roundoff * Near.Scale(trajectory[0]),
                $"{spec} at row {i}"
            );
    }
}
