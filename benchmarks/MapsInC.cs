using System.Diagnostics;
using System.Globalization;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;

namespace FlatBias.Benchmarks;

/// <summary>The grid of <see cref="MapSweeps"/> by our kernel and by the same algorithm written by hand in C, which must end with the same bits.</summary>
internal static class MapsInC
{
    private const int Turns = 40;

    /// <summary>Writes a table of the fastest turns.</summary>
    /// <param name="output">Where.</param>
    public static void Write(TextWriter output)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "maps", "planar.c");
        (string Name, Turn Turn)[] rows =
        [
            ("C, AVX2 intrinsics, six registers in flight", C(source, 6)),
            ("C, eight registers in flight", C(source, 8)),
            ("the kernel on 256-bit registers", Own(1, 256)),
            ("the same on two threads", Own(2, 256)),
            ($"the kernel on {PlanarSweep.WidestRegister}-bit registers", Own(1, PlanarSweep.WidestRegister)),
        ];
        var hand = rows[0].Turn;
        output.WriteLine("| the whole grid | time | over that of C with six | point-steps per second |");
        output.WriteLine("| --- | --- | --- | --- |");
        foreach (var (name, turn) in rows)
        {
            if ((turn.Steps, turn.Bits) != (hand.Steps, hand.Bits))
                throw new InvalidOperationException($"{name} ends elsewhere: {turn} against {hand}.");
            FormattableString line =
                $"| {name} | {1e3 * turn.Seconds:F1} ms | {turn.Seconds / hand.Seconds:F2} | {turn.Steps / turn.Seconds:0.0e0} |";
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static Turn C(string source, int registers)
    {
        var line = OtherProgram.CompileAndRun(source, [$"-DREGISTERS={registers}", "-lm"], [$"{Turns}"])[0];
        var words = line.Split(' ');
        return new(
            double.Parse(words[0], CultureInfo.InvariantCulture),
            long.Parse(words[1], CultureInfo.InvariantCulture),
            words[2]
        );
    }

    private static Turn Own(int threads, int bits)
    {
        var least = double.PositiveInfinity;
        PlanarPoints points = new([], [], []);
        PlanarEnds ends = new([], []);
        for (var turn = 0; turn < Turns; turn++)
        {
            points = MapSweeps.Grid();
            var begun = Stopwatch.GetTimestamp();
            ends = PlanarSweep.Run(new SquareNetworkKernel(1), points, MapSweeps.Limits, threads, bits);
            least = Math.Min(least, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        var sum = points
            .First.Concat(points.Second)
            .Aggregate(0UL, (x, end) => x ^ BitConverter.DoubleToUInt64Bits(end));
        return new(least, ends.Steps.Sum(s => (long)s), sum.ToString("x16", CultureInfo.InvariantCulture));
    }

    /// <summary>The fastest turn, the steps of all points, and the exclusive or of the bits of their ends.</summary>
    private sealed record Turn(double Seconds, long Steps, string Bits);
}
