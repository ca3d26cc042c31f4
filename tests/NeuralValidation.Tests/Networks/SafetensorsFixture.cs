using System.Buffers.Binary;
using System.Text;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>Safetensors files put together from a header's text, so that the reader is not tested by the writer alone.</summary>
internal static class SafetensorsFixture
{
    /// <summary>Two tensors and metadata, as another program would write them: b stands first in the header, a first in the data.</summary>
    internal const string Header =
        """{"__metadata__":{"format":"pt"},"b":{"dtype":"F64","shape":[],"data_offsets":[8,16]},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""";

    internal static byte[] Data
    {
        get
        {
            var data = new byte[16];
            BinaryPrimitives.WriteSingleLittleEndian(data, 1.5f);
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4), float.NegativeInfinity);
            BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8), Math.PI);
            return data;
        }
    }

    internal static byte[] File(string header, byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    internal static byte[] File(byte[] header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }
}
