using System.Diagnostics;
using System.Globalization;
using FlatBias.Dynamics.Integration;

namespace FlatBias.Benchmarks;

/// <summary>
/// The integrators beside others at equal error: SUNDIALS' ARKODE (compiled here by cc) and SciPy, by the same method,
/// Dormand-Prince 5(4), on the same flows, each in a process of its own that measures processor time.
/// </summary>
internal static class Solvers
{
    // A solution is repeated for this long, and the fastest counts.
    private static readonly TimeSpan Turns = TimeSpan.FromSeconds(0.3);

    private static readonly double[] Tolerances = [1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11];
    private static readonly double[] Errors = [1e-4, 1e-6, 1e-8];
    private static readonly string[] Flows = ["cycle", "lorenz", "ring"];

    /// <summary>Writes a table of times at equal errors, and their ratios to ours.</summary>
    /// <param name="output">Where.</param>
    /// <param name="python">A Python that has SciPy.</param>
    public static void Write(TextWriter output, string python)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "solvers");
        string[] words = [.. Tolerances.Select(t => t.ToString("R", CultureInfo.InvariantCulture))];
        Solution[] scipy = Read(python, [Path.Combine(folder, "scipy_solvers.py"), .. words]);
        string[] libraries = ["-lsundials_arkode", "-lsundials_nvecserial", "-lsundials_generic", "-lm"];
        Solution[] arkode =
        [
            .. OtherProgram.CompileAndRun(Path.Combine(folder, "arkode.c"), libraries, words).Select(Solution.Parse),
        ];

        var exact = scipy.Where(s => s.Tolerance == 0).ToDictionary(s => s.Flow, s => s.End);
        Solution[] own = [.. Tolerances.SelectMany(Own)];
        output.WriteLine("| flow | error | FlatBias | ARKODE | SciPy | ours over ARKODE's | ours over SciPy's |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var flow in Flows)
        foreach (var error in Errors)
        {
            var (ours, theirs, slow) = (At(own), At(arkode), At(scipy));
            FormattableString line =
                $"| {flow} | {error:0e+0} | {1e6 * ours:N0} µs | {1e6 * theirs:N0} µs | {1e6 * slow:N0} µs | {ours / theirs:G2} | {ours / slow:G2} |";
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

            double At(Solution[] solutions) =>
                TimeAt(error, [.. solutions.Where(s => s.Flow == flow && s.Tolerance > 0)], exact[flow]);
        }
    }

    private static IEnumerable<Solution> Own(double tolerance) =>
        [
            Solve("cycle", new Cycle(), tolerance, 200, [0.2, 0.5]),
            Solve("lorenz", new Lorenz(), tolerance, 10, [1, 1, 1]),
            Solve("ring", new Ring(), tolerance, 2, [2, .. Enumerable.Repeat(1.0, 99)]),
        ];

    private static Solution Solve<TFlow>(string name, TFlow flow, double tolerance, double end, double[] start)
        where TFlow : struct, IFlow
    {
        var solver = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(tolerance, tolerance));
        var (state, least, begun) = (new double[start.Length], double.PositiveInfinity, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(begun) < Turns)
        {
            start.CopyTo(state, 0);
            var (time, started) = (0.0, Stopwatch.GetTimestamp());
            solver.Integrate(flow, ref time, end, state);
            least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return new(name, tolerance, least, state);
    }

    /// <summary>The time at which an error is reached: logarithms are followed in straight lines between tolerances.</summary>
    private static double TimeAt(double error, Solution[] solutions, double[] exact)
    {
        var points = solutions
            .Select(s => (Error: Math.Log(s.Error(exact)), Time: Math.Log(s.Seconds)))
            .OrderBy(p => p.Error)
            .ToArray();
        var wanted = Math.Log(error);
        var next = Array.FindIndex(points, p => p.Error > wanted);
        if (next <= 0)
            return double.NaN;
        var (low, high) = (points[next - 1], points[next]);
        return Math.Exp(low.Time + ((wanted - low.Error) / (high.Error - low.Error) * (high.Time - low.Time)));
    }

    private static Solution[] Read(string program, IEnumerable<string> arguments) =>
        [.. OtherProgram.Lines(program, arguments).Select(Solution.Parse)];

    /// <summary>A solution and what it took.</summary>
    private sealed record Solution(string Flow, double Tolerance, double Seconds, double[] End)
    {
        /// <summary>flow tolerance seconds state...</summary>
        public static Solution Parse(string line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            double[] numbers = [.. words.Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            return new(words[0], numbers[0], numbers[1], numbers[2..]);
        }

        /// <summary>The largest error of a component, relative to the largest component.</summary>
        public double Error(double[] exact) => End.Zip(exact, (a, b) => Math.Abs(a - b)).Max() / exact.Max(Math.Abs);
    }
}
