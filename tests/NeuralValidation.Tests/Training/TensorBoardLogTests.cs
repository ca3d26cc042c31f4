using System.Buffers.Binary;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;
using Tensorboard;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>
/// Event files read back as TensorBoard reads them: frames of a length, the event, and their checksums.
/// </summary>
public class TensorBoardLogTests
{
    [Fact]
    public void Write_RowsAsTheyCome_AreScalarsUnderTheirColumns()
    {
        using var folder = new TemporaryFolder();
        var log = new TensorBoardLog(folder.File("events"));
        var series = new SeriesTable();
        for (var row = 0; row < 4; row++)
        {
            series.AddRow();
            series.Set(Columns.Step, 10 * row);
            series.Set(Columns.Loss, 1.0 / (row + 1));
            series.Set(Columns.Sharpness, row == 1 ? double.NaN : 3 * row);
            // Of a run taken up there are several rows at once.
            if (row != 1)
                log.Write(series);
        }

        var scalars = Read(Assert.Single(Directory.GetFiles(folder.File("events"))));
        Assert.Equal(
            [(0, 1f), (10, 0.5f), (20, 1f / 3), (30, 0.25f)],
            scalars.Where(s => s.Tag == Columns.Loss.Name).Select(s => (s.Step, s.Value))
        );
        Assert.Equal(
            [(0, 0f), (20, 6f), (30, 9f)],
            scalars.Where(s => s.Tag == Columns.Sharpness.Name).Select(s => (s.Step, s.Value))
        );
        Assert.DoesNotContain(scalars, s => s.Tag == Columns.Step.Name);
    }

    private static List<(string Tag, long Step, float Value)> Read(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        var found = new List<(string, long, float)>();
        while (bytes.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.Equal(Checksum(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            var content = bytes.Slice(12, length);
            Assert.Equal(Checksum(content), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            var read = Event.Parser.ParseFrom(content.ToArray());
            if (read.WhatCase == Event.WhatOneofCase.Summary)
                found.AddRange(read.Summary.Value.Select(value => (value.Tag, read.Step, value.SimpleValue)));
            bytes = bytes[(16 + length)..];
        }

        return found;
    }

    /// <summary>CRC-32C, turned and shifted as the format has it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
