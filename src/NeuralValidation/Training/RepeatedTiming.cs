using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Training;

/// <summary>An operation timed by repeating it.</summary>
internal static class RepeatedTiming
{
    private const int Most = 1024;

    /// <summary>Seconds of an operation: of the first time, with what is done only once, where that is a long one.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="enough">How long it is repeated: long enough for the clock, and for a device that is waited for.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="clock">What is read before and after; null for the clock on the wall.</param>
    public static double Seconds(Action operation, TimeSpan enough, Device device, Func<TimeSpan>? clock = null)
    {
        clock ??= () => Stopwatch.GetElapsedTime(0);
        var first = Once(1);
        if (first > enough)
            return first.TotalSeconds;
        for (var times = 1; ; times *= 4)
        {
            if (Once(times) is var time && (time > enough || times >= Most))
                return time.TotalSeconds / times;
        }

        TimeSpan Once(int times)
        {
            var start = clock();
            for (var i = 0; i < times; i++)
                operation();
            if (device.type == DeviceType.CUDA)
                cuda.synchronize(device);
            return clock() - start;
        }
    }
}
