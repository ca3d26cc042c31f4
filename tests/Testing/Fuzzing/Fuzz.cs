using System.Diagnostics;
using System.Globalization;

namespace FlatBias.Testing.Fuzzing;

/// <summary>A reader as a fuzzer sees it.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Seeds">Sound inputs, small, made by the program's own writers.</param>
/// <param name="Read">Reads an input; what it returns is forgotten.</param>
/// <param name="IsDocumented">Whether an exception is one that the reader's contract names.</param>
public sealed record FuzzedReader(
    string Name,
    IReadOnlyList<byte[]> Seeds,
    Action<byte[]> Read,
    Func<Exception, bool> IsDocumented
);

/// <summary>
/// Feeds damaged inputs to a reader. Each follows from the seed and its number alone. A test runs a fixed number of them; FLATBIAS_FUZZ_SECONDS makes it go on for so long from the seed FLATBIAS_FUZZ_SEED, and say how many it made.
/// </summary>
public static class Fuzz
{
    // Of a few seconds together, in the tests.
    private const int Inputs = 4000;
    private const long LargestAllocation = 1L << 30;
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(30);

    /// <summary>Runs it.</summary>
    /// <exception cref="FuzzException">An input led to an exception that is not documented or whose message is not one line, or to 1 GB of memory or (where it was asked to go on) 30 s; the message holds the input.</exception>
    public static void Run(FuzzedReader reader)
    {
        var seconds = Setting("FLATBIAS_FUZZ_SECONDS");
        var seed = Setting("FLATBIAS_FUZZ_SEED") ?? 1;
        foreach (var sound in reader.Seeds)
            Try(reader, sound, "the seed itself", mayRefuse: false);
        var clock = Stopwatch.StartNew();
        var made = 0;
        for (; seconds is { } limit ? clock.Elapsed.TotalSeconds < limit : made < Inputs; made++)
        {
            var before = clock.Elapsed;
            Try(
                reader,
                new Mutator(new Random(HashCode(seed, made))).Next(reader.Seeds),
                $"seed {seed}, number {made}",
                mayRefuse: true
            );
            if (seconds is not null && clock.Elapsed - before > LongestTime)
                throw new FuzzException($"{reader.Name}: seed {seed}, number {made} took {clock.Elapsed - before}.");
        }

        if (seconds is not null)
            Console.WriteLine(
                $"fuzzed {reader.Name}: {made} inputs from seed {seed} in {clock.Elapsed.TotalSeconds:F0} s, and nothing undocumented"
            );
    }

    private static void Try(FuzzedReader reader, byte[] input, string which, bool mayRefuse)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            reader.Read(input);
        }
        catch (Exception e) when (mayRefuse && reader.IsDocumented(e) && !e.Message.AsSpan().ContainsAny('\n', '\r'))
        { }
        catch (Exception e)
        {
            throw new FuzzException(
                $"{reader.Name}: {which}: {e.GetType().Name}: {e.Message}\n{Convert.ToBase64String(input)}",
                e
            );
        }

        if (GC.GetAllocatedBytesForCurrentThread() - before is var bytes && bytes > LargestAllocation)
            throw new FuzzException(
                $"{reader.Name}: {which}: {bytes} bytes were allocated\n{Convert.ToBase64String(input)}",
                null
            );
    }

    // Not System.HashCode, which differs from process to process.
    private static int HashCode(int seed, int number) =>
        unchecked((int)(((uint)seed * 0x9E3779B1) ^ ((uint)number * 0x85EBCA77)));

    private static int? Setting(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}

/// <summary>What a fuzzer found.</summary>
public sealed class FuzzException(string message, Exception? cause = null) : Exception(message, cause);
