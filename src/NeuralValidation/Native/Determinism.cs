using System.Runtime.InteropServices;

namespace FlatBias.NeuralValidation.Native;

/// <summary>
/// Whether torch may take algorithms on a GPU that add in an order of the moment, as its convolutions and embeddings do by default: a run repeated would have other bits. TorchSharp has the setting of PyTorch
/// (<c>torch.use_deterministic_algorithms</c>) in name only, so libtorch itself is asked, by the names its compiler on Linux gives.
/// </summary>
internal static class Determinism
{
    // at::globalContext(), at::Context::setDeterministicAlgorithms(mode, warn only), its getter, and
    // at::Context::setDeterministicFillUninitializedMemory(mode): NaN in memory that is about to be written buys
    // nothing here, and takes as long as the writing.
    private const string Context = "_ZN2at13globalContextEv",
        Algorithms = "_ZN2at7Context26setDeterministicAlgorithmsEbb",
        Asked = "_ZNK2at7Context23deterministicAlgorithmsEv",
        Filling = "_ZN2at7Context39setDeterministicFillUninitializedMemoryEb";

    private delegate IntPtr Global();

    private delegate void SetMode(IntPtr context, byte mode, byte warnOnly);

    private delegate void SetFill(IntPtr context, byte mode);

    private delegate byte GetMode(IntPtr context);

    /// <summary>Whether such algorithms are kept out.</summary>
    public static bool IsRequired =>
        Find<Global>(Context) is { } context && Find<GetMode>(Asked) is { } asked && asked(context()) != 0;

    /// <summary>Keeps such algorithms out, or lets them in. Where libtorch has no such names (on Windows) nothing changes, and <see cref="IsRequired"/> says so; what is computed is right either way.</summary>
    /// <param name="required">Whether they are kept out. An operation that has no other warns on standard error.</param>
    public static void Require(bool required)
    {
        if (
            Find<Global>(Context) is not { } context
            || Find<SetMode>(Algorithms) is not { } algorithms
            || Find<SetFill>(Filling) is not { } filling
        )
            return;
        filling(context(), 0);
        algorithms(context(), required ? (byte)1 : (byte)0, 1);
    }

    private static TFunction? Find<TFunction>(string symbol)
        where TFunction : Delegate =>
        TorchRuntime.Loaded?.Folder is { } folder
        && NativeLibrary.TryLoad(Path.Combine(folder, NativeFolders.FileName("torch_cpu")), out var library)
        && NativeLibrary.TryGetExport(library, symbol, out var address)
            ? Marshal.GetDelegateForFunctionPointer<TFunction>(address)
            : null;
}
