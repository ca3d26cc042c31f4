using System.Globalization;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.NeuralValidation.Verification;

/// <content>The part that times.</content>
public sealed partial class DeviceCheck
{
    // On fewer samples than a twentieth what does not grow with them would be scaled up to nonsense.
    private const int MostScaled = 20;

    private void Time()
    {
        Write(
            $"Times in float32 (cross-entropy; tanh where fully connected), in seconds, and the ratio {_plan.Device} / cpu. A time with ~ was taken on fewer samples and scaled to all of them."
        );
        Write("");
        Write($"| network | operation | cpu | {_plan.Device} | ratio | memory in use on the GPU, all programs |");
        Write("| --- | --- | --- | --- | --- | --- |");
        for (var i = 0; i < _plan.Timed.Count; i++)
        {
            if (!HasTime(_plan.Timed[i].ToString()))
                continue;
            try
            {
                Time(_plan.Timed[i], (_plan.Limit - _clock.Elapsed) / (_plan.Timed.Count - i));
            }
            catch (Exception e) when (Devices.IsOutOfMemory(e))
            {
                _leftOut++;
                Write($"| {_plan.Timed[i]} | what follows | | out of memory | | |");
            }
        }

        Write("");
    }

    private void Time(TimedNetwork network, TimeSpan share)
    {
        var gpu = Devices.IsCuda(_plan.Device);
        var affordable = Affordable(network, share / 2);
        var slow = affordable < network.Samples / MostScaled;
        if (slow && !gpu)
        {
            _leftOut++;
            Write($"| {network} | all | too slow here | | | |");
            return;
        }

        var all = gpu ? network.Samples : affordable;
        using var onCpu = slow ? null : new DeviceTimings(network, affordable, "cpu");
        using var onDevice = new DeviceTimings(network, all, _plan.Device);
        var cpu = (onCpu?.All() ?? DeviceTimings.Operations.Select(_ => double.NaN)).GetEnumerator();
        var device = onDevice.All().GetEnumerator();
        foreach (var operation in DeviceTimings.Operations)
        {
            if (!HasTime($"{network} | {operation}") || !device.MoveNext() || !cpu.MoveNext())
                break;
            var (theirs, ours) = (cpu.Current * network.Samples / affordable, device.Current * network.Samples / all);
            Write(
                $"| {network} | {operation} | {Seconds(theirs, affordable)} | {Seconds(ours, all)} | {(slow ? "" : Number(ours / theirs))} | {Memory()} |"
            );
        }

        string Seconds(double time, int samples) =>
            double.IsNaN(time) ? "too slow" : $"{(samples < network.Samples ? "~" : "")}{Number(time)}";
    }

    /// <summary>On how many samples the CPU can do all the operations in a time, from one gradient of a few.</summary>
    private static int Affordable(TimedNetwork network, TimeSpan time)
    {
        var few = Math.Min(network.Samples, 100);
        using var probe = new DeviceTimings(network, few, "cpu");
        var all = probe.Gradient() / few * DeviceTimings.Gradients * network.Samples;
        return (int)Math.Clamp(network.Samples * (time.TotalSeconds / all), 1, network.Samples);
    }

    private string Memory() =>
        Devices.IsCuda(_plan.Device) && CudaDriver.MemoryInUse() is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB")
            : "";
}
