using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>A torch module as a function of its parameters, which are written into it before every evaluation.</summary>
internal sealed class ModuleFunction : ITorchFunction
{
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Tensor[] _parameters;

    public ModuleFunction(nn.Module<Tensor, Tensor> module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = module;
        _parameters = [.. ModuleParameters.Trained(module).Select(parameter => parameter.Value)];
        Check(module);
        ParameterCount = checked((int)_parameters.Sum(p => p.numel()));
    }

    public int ParameterCount { get; }

    /// <summary>The normalisations with statistics of what passes through them; those of running statistics are affine.</summary>
    public string? Fused =>
        _module
            .named_modules()
            .Select(part => part.module)
            .Prepend(_module)
            .FirstOrDefault(part =>
                part is LayerNorm || (part is NormBase norm && (norm.training || norm.running_mean is null))
            )
            ?.GetName();

    public int Binding { get; private set; }

    public int Connected => 0;

    public static ScalarType Type(nn.Module<Tensor, Tensor> module) => ModuleParameters.Trained(module)[0].Value.dtype;

    public Tensor[] Bind(Tensor theta)
    {
        Binding++;
        ModuleParameters.Write(_parameters, theta);
        return _parameters;
    }

    public Tensor Outputs(Tensor inputs) => _module.call(inputs);

    private static void Check(nn.Module module)
    {
        var parameters = ModuleParameters.Trained(module);
        if (
            parameters.FirstOrDefault(p => p.Value.dtype is not (ScalarType.Float32 or ScalarType.Float64)) is
            { Name: { } whole } odd
        )
            throw new ArgumentException(
                $"parameter {whole} of the module is {odd.Value.dtype}; it must be Float32 or Float64."
            );
        var first = parameters[0].Value;
        if (
            parameters.FirstOrDefault(p =>
                p.Value.dtype != first.dtype || p.Value.device.ToString() != first.device.ToString()
            ) is
            { Name: { } other }
        )
            throw new ArgumentException(
                $"parameter {other} of the module has another precision or device than {parameters[0].Name}; all must have the same (module.to)."
            );
        if (parameters.GroupBy(p => p.Value.Handle).FirstOrDefault(same => same.Count() > 1) is { } shared)
            throw new ArgumentException(
                $"parameters {string.Join(" and ", shared.Select(p => p.Name))} of the module are one tensor; a shared parameter would count twice."
            );
        if (module.training && module.named_buffers().FirstOrDefault() is { name: { } buffer })
            throw new ArgumentException(
                $"the module has the buffer {buffer}, which it may change as it runs; call eval() first, or use batch statistics without running ones."
            );
    }
}
