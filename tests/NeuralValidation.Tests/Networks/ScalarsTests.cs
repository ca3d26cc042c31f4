using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Networks;

public class ScalarsTests
{
    private static readonly double[] Values = [-800, -3, -1e-9, 0, 1e-9, 0.5, 3, 800];

    [Fact]
    public void Arithmetic_Values_IsThatOfDoubles()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(Values);
        Equal(v => v * 0.3, x.Times(0.3), 0);
        Equal(v => v / 7, x.Over(7), 0);
        Equal(v => v + (v * 2), x.Plus(x.Times(2)), 0);
        Equal(v => v + (v * 2), x.clone().Increase(x.Times(2)), 0);
        Equal(v => 1 - v, x.OneMinus(), 0);
        Equal(v => v > 0 ? 1 : 0, x.Positive(), 0);
        Equal(v => v + (v * v), x.clone().AddProduct(x, x), 1e-16 * 640_800);
        Equal(v => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(v))), x.Softplus(), 1e-15);
    }

    /// <summary>Every member of another assembly that a compiled program uses is listed in its metadata.</summary>
    [Fact]
    public void Assembly_CallsOfTorch_NeverConvertNumbersImplicitly()
    {
        using var file = File.OpenRead(typeof(Scalars).Assembly.Location);
        using var portable = new PEReader(file);
        var metadata = portable.GetMetadataReader();
        var used = metadata
            .MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .ToList();
        Assert.Contains(used, member => Name(member) == "ScalarExtensionMethods.ToScalar");
        Assert.DoesNotContain(
            used,
            member =>
                Name(member) is "Scalar.op_Implicit" or "Tensor.op_Addition" or "Tensor.square" or "Tensor.softplus"
        );
        Assert.DoesNotContain(used, member => Name(member) is "Tensor.add" or "Tensor.add_" && Parameters(member) == 1);
        Assert.DoesNotContain(
            used,
            member =>
                Name(member).StartsWith("Tensor.op_", StringComparison.Ordinal)
                && TakesNumber(metadata.GetBlobReader(member.Signature))
        );

        int Parameters(MemberReference member) =>
            metadata.GetBlobReader(member.Signature) is var signature && signature.ReadSignatureHeader().IsInstance
                ? signature.ReadCompressedInteger()
                : 0;

        string Name(MemberReference member) =>
            $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{metadata.GetString(member.Name)}";
    }

    /// <summary>Whether a signature (calling convention, number of parameters, result, parameters) has a parameter of a primitive type.</summary>
    private static bool TakesNumber(BlobReader signature)
    {
        signature.ReadByte();
        var parameters = signature.ReadCompressedInteger();
        for (var i = 0; i <= parameters; i++)
        {
            var type = (SignatureTypeCode)signature.ReadByte();
            if (type is >= SignatureTypeCode.Boolean and <= SignatureTypeCode.Double)
                return true;
            signature.ReadCompressedInteger(); // the class or structure
        }

        return false;
    }

    private static void Equal(Func<double, double> expected, torch.Tensor actual, double tolerance) =>
        Testing.Near.Equal([.. Values.Select(expected)], actual.data<double>().ToArray(), tolerance);
}
