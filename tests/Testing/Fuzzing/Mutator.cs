using System.Globalization;
using System.Text;

namespace FlatBias.Testing.Fuzzing;

/// <summary>Damages files as disks, editors, transfers and hands do: bits, bytes, ranges, ends, and numbers and words of text replaced by the ones that readers stumble over.</summary>
public sealed class Mutator(Random random)
{
    private const int LargestInput = 1 << 16;
    private static readonly byte[] Bytes = [0, 1, 0x0A, 0x0D, 0x20, 0x22, 0x2C, 0x7F, 0x80, 0xC3, 0xFE, 0xFF];
    private static readonly string[] Words =
    [
        "",
        "-1",
        "0",
        "1",
        "2147483647",
        "2147483648",
        "-2147483648",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1e308",
        "1e309",
        "-1e-400",
        "0.5",
        "NaN",
        "\"NaN\"",
        "Infinity",
        "null",
        "true",
        "{}",
        "[]",
        "\"\"",
        "\"x\"",
        "[[[[",
        "{\"a\":1}",
        "\\ud800",
        "\"\\ud800\"",
        "\\n",
        "\r\n",
        ",,,",
        "\"",
        "//",
        "\u00e9",
        "\uffff",
    ];

    private static readonly long[] Integers =
    [
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        32767,
        65535,
        65536,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        long.MaxValue,
        long.MinValue,
    ];

    /// <summary>One of the seeds with one to eight damages.</summary>
    public byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        List<byte> bytes = [.. seeds[random.Next(seeds.Count)]];
        for (var left = 1 << random.Next(4); left > 0; left--)
            Damage(bytes, seeds);
        if (bytes.Count > LargestInput)
            bytes.RemoveRange(LargestInput, bytes.Count - LargestInput);
        return [.. bytes];
    }

    private void Damage(List<byte> bytes, IReadOnlyList<byte[]> seeds)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(seeds[random.Next(seeds.Count)]);
            return;
        }

        var at = random.Next(bytes.Count);
        var length = Math.Min(bytes.Count - at, 1 << random.Next(8));
        switch (random.Next(11))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = Bytes[random.Next(Bytes.Length)];
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                Overwrite(bytes, at, BitConverter.GetBytes(Integers[random.Next(Integers.Length)]));
                break;
            case 7:
                Splice(bytes, at, seeds[random.Next(seeds.Count)]);
                break;
            case 8:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                break;
            default:
                ReplaceWord(bytes, at);
                break;
        }
    }

    /// <summary>A whole number of 1 to 8 bytes of either order.</summary>
    private void Overwrite(List<byte> bytes, int at, byte[] number)
    {
        var size = Math.Min(1 << random.Next(4), bytes.Count - at);
        Array.Resize(ref number, size);
        if (random.Next(2) == 0)
            Array.Reverse(number);
        for (var i = 0; i < size; i++)
            bytes[at + i] = number[i];
    }

    /// <summary>The end of another seed behind the beginning of this.</summary>
    private void Splice(List<byte> bytes, int at, byte[] other)
    {
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
    }

    /// <summary>The number or word around a place becomes another, or one next to it.</summary>
    private void ReplaceWord(List<byte> bytes, int at)
    {
        var (begin, end) = (at, at);
        while (begin > 0 && IsWord(bytes[begin - 1]))
            begin--;
        while (end < bytes.Count && IsWord(bytes[end]))
            end++;
        var word = Encoding.ASCII.GetString([.. bytes.GetRange(begin, end - begin)]);
        bytes.RemoveRange(begin, end - begin);
        var replacement =
            random.Next(2) == 0
            && long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? unchecked(value + random.Next(-2, 3)).ToString(CultureInfo.InvariantCulture)
                : Words[random.Next(Words.Length)];
        bytes.InsertRange(begin, Encoding.UTF8.GetBytes(replacement));
    }

    private static bool IsWord(byte symbol) =>
        char.IsAsciiLetterOrDigit((char)symbol) || symbol is (byte)'-' or (byte)'+' or (byte)'.';
}
