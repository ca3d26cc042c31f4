using System.Globalization;
using System.Runtime.InteropServices;
using FlatBias.NeuralValidation.Native;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>Where networks are computed.</summary>
public static class Devices
{
    /// <summary>What a request for a device may be, in words.</summary>
    public const string Requests = "auto, cpu, cuda or cuda:N with a whole number N";

    private const string Cuda = "cuda",
        Numbered = "cuda:";

    /// <summary>The version of TorchSharp, for manifests: of the one in this process, or of the one that would be loaded
    /// for a network. Asking its own types would load it, and libtorch, for a run that has no network.</summary>
    public static string TorchVersion =>
        (TorchRuntime.Managed?.GetName() ?? TorchRuntime.Referenced).Version?.ToString(3) ?? "unknown";

    /// <summary>The version of the libtorch that FLATBIAS_TORCH names, for manifests; null where the one that comes
    /// with the program is used, which TorchSharp's version tells.</summary>
    public static string? OwnTorchVersion =>
        TorchFolder.Asked is null ? null : TorchRuntime.Loaded?.Version ?? "unknown";

    /// <summary>Whether a device is a GPU.</summary>
    /// <param name="device">As <see cref="Resolve"/> returns it.</param>
    /// <returns>True for cuda and cuda:N.</returns>
    public static bool IsCuda(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.StartsWith(Cuda, StringComparison.Ordinal);
    }

    /// <summary>Whether a text is a request for a device; that the device is there is another question.</summary>
    /// <param name="request">The text.</param>
    /// <returns>True for auto, cpu, cuda and cuda:N.</returns>
    public static bool IsRequest(string request) =>
        request is "auto" or "cpu" || (request is not null && Index(request) is not null);

    /// <summary>Turns what the user asked for into a device that is there, and sees to it that a GPU computes in the
    /// precision asked for, and with the same bits each time.</summary>
    /// <param name="request">auto, cpu, cuda (the first device) or cuda:N (the N-th from 0).</param>
    /// <returns>cpu, cuda, or cuda:N with N above 0.</returns>
    /// <exception cref="ArgumentException">Another word was given.</exception>
    /// <exception cref="PlatformNotSupportedException">A GPU was asked for and it is not there; the message says
    /// why.</exception>
    public static string Resolve(string request)
    {
        if (!IsRequest(request))
            throw new ArgumentException($"device is '{request}'; it must be {Requests}.", nameof(request));
        TorchRuntime.EnsureLoaded();
        var index = Index(request);
        var count =
            request == "cpu" ? 0
            : torch.cuda.is_available() ? torch.cuda.device_count()
            : 0;
        if (index is null && count == 0)
            return "cpu";
        if (count == 0)
            throw new PlatformNotSupportedException(
                $"device {request} was asked for, but {Absence(TorchRuntime.Loaded!)}; or use --device cpu."
            );
        if (index >= count)
            throw new PlatformNotSupportedException(
                $"device {request} was asked for, but torch sees {count} CUDA device{(count == 1 ? "" : "s")}, of which the last is cuda:{count - 1}."
            );
        // On by default for convolutions, and for matrices where the environment says so: products rounded to 11 bits
        // would pass for float32.
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = false;
        Determinism.Require(true);
        return index is null or 0 ? Cuda : $"{Numbered}{index}";
    }

    /// <summary>The CUDA devices that torch sees, each in words: its name and memory as far as the driver tells
    /// them.</summary>
    /// <returns>Their descriptions in the order of their numbers; empty where there are none.</returns>
    public static IReadOnlyList<string> CudaDevices()
    {
        TorchRuntime.EnsureLoaded();
        return torch.cuda.is_available() ? [.. Enumerable.Range(0, torch.cuda.device_count()).Select(Describe)] : [];
    }

    /// <summary>Whether an exception says that torch ran out of memory, on a GPU or on the CPU.</summary>
    /// <param name="error">The exception.</param>
    public static bool IsOutOfMemory(Exception error) =>
        // The words of the allocators of the GPU and of the CPU: there is no type that tells.
        error is ExternalException { Message: var words }
        && (
            words.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || words.Contains("can't allocate memory", StringComparison.Ordinal)
        );

    /// <summary>Sets the number of threads torch computes with; results are bit-identical only at the same number.</summary>
    /// <param name="threads">At least 1, or null for torch's own choice.</param>
    /// <returns>The number in force.</returns>
    public static int UseThreads(int? threads)
    {
        TorchRuntime.EnsureLoaded();
        if (threads is { } n)
            torch.set_num_threads(Dynamics.Require.InRange(n, 1, 1024, "threads"));
        return torch.get_num_threads();
    }

    /// <summary>What keeps torch from seeing a GPU, and what to do.</summary>
    /// <param name="torch">The libtorch in use.</param>
    /// <returns>A clause, to be followed by a full stop.</returns>
    public static string Absence(LoadedTorch torch) =>
        torch switch
        {
            { HasCuda: true } =>
                "torch sees no CUDA device, although this libtorch was built for them: nvidia-smi and CUDA_VISIBLE_DEVICES say whether one is there and its driver works",
            { IsOwn: true } =>
                $"the libtorch in {torch.Folder} that {TorchFolder.Variable} names was built without CUDA; name the folder of one with CUDA (docs/gpu.md)",
            _ =>
                $"torch sees no CUDA device: the libtorch that comes with this build is for the CPU; set {TorchFolder.Variable} to the folder of one with CUDA, such as a Python environment's (docs/gpu.md)",
        };

    /// <summary>The number in cuda or cuda:N; null for all else.</summary>
    private static int? Index(string request)
    {
        if (request == Cuda)
            return 0;
        return
            request.StartsWith(Numbered, StringComparison.Ordinal)
            && int.TryParse(
                request.AsSpan(Numbered.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var index
            )
            ? index
            : null;
    }

    private static string Describe(int index)
    {
        var memory = CudaDriver.TotalMemory(index) is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $", {bytes / (double)(1 << 30):0.0} GiB")
            : "";
        return $"{Numbered}{index} {CudaDriver.Name(index) ?? "of unknown name"}{memory}";
    }
}
