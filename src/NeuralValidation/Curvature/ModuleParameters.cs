using FlatBias.Dynamics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>The parameters of a torch module that are trained, those that require a gradient, as one flat vector in the order of <c>named_parameters</c>, each row by row.</summary>
public static class ModuleParameters
{
    /// <summary>Reads them, for the start of a run.</summary>
    /// <param name="module">The module.</param>
    /// <returns>The vector, to be released by the caller.</returns>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Tensor Read(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return cat([.. Trained(module).Select(p => p.Value.detach().flatten())]).clone().DetachFromDisposeScope();
    }

    /// <summary>Writes them, so that the module is that of a point of a run.</summary>
    /// <param name="module">The module.</param>
    /// <param name="theta">The vector.</param>
    /// <exception cref="ArgumentException">There are none, or the vector has another length.</exception>
    public static void Write(nn.Module module, Tensor theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        Tensor[] parameters = [.. Trained(module).Select(p => p.Value)];
        Require.Length((int)theta.numel(), (int)parameters.Sum(p => p.numel()), nameof(theta));
        Write(parameters, theta);
    }

    internal static void Write(Tensor[] parameters, Tensor theta)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long offset = 0;
        foreach (var parameter in parameters)
        {
            parameter.copy_(theta.detach().narrow(0, offset, parameter.numel()).view(parameter.shape));
            offset += parameter.numel();
        }
    }

    internal static IReadOnlyList<(string Name, Tensor Value)> Trained(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        (string, Tensor)[] trained =
        [
            .. module
                .named_parameters()
                .Where(p => p.parameter.requires_grad)
                .Select(p => (p.name, (Tensor)p.parameter)),
        ];
        return trained.Length > 0
            ? trained
            : throw new ArgumentException("the module has no parameters that require a gradient.", nameof(module));
    }
}
