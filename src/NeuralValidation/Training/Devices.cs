using FlatBias.NeuralValidation.Native;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>Where networks are computed.</summary>
public static class Devices
{
    /// <summary>The version of TorchSharp, for manifests.</summary>
    public static string TorchVersion { get; } = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>Turns what the user asked for into a device that is there.</summary>
    /// <param name="request">auto, cpu or cuda.</param>
    /// <returns>cpu or cuda.</returns>
    /// <exception cref="ArgumentException">Another word was given.</exception>
    /// <exception cref="PlatformNotSupportedException">cuda was asked for and there is none.</exception>
    public static string Resolve(string request)
    {
        TorchRuntime.EnsureLoaded();
        return request switch
        {
            "cpu" => "cpu",
            "auto" => torch.cuda.is_available() ? "cuda" : "cpu",
            "cuda" when torch.cuda.is_available() => "cuda",
            "cuda" => throw new PlatformNotSupportedException(
                "device cuda was asked for, but torch sees no CUDA device; use --device cpu, or build with -p:TorchBackend=cuda on a machine with an NVIDIA GPU and driver."),
            _ => throw new ArgumentException($"device is '{request}'; it must be auto, cpu or cuda.", nameof(request)),
        };
    }

    /// <summary>Sets the number of threads torch computes with; results are bit-identical only at the same number.</summary>
    /// <param name="threads">At least 1, or null for torch's own choice.</param>
    /// <returns>The number in force.</returns>
    public static int UseThreads(int? threads)
    {
        TorchRuntime.EnsureLoaded();
        if (threads is { } n) torch.set_num_threads(Dynamics.Require.InRange(n, 1, 1024, "threads"));
        return torch.get_num_threads();
    }
}
