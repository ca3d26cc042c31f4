using System.Runtime.InteropServices;
using FlatBias.NeuralValidation.Training;
using TorchSharp;

namespace FlatBias.NeuralValidation.Tests.Training;

public class DevicesTests
{
    [Theory]
    [InlineData("auto", true)]
    [InlineData("cpu", true)]
    [InlineData("cuda", true)]
    [InlineData("cuda:0", true)]
    [InlineData("cuda:12", true)]
    [InlineData("cuda:", false)]
    [InlineData("cuda:-1", false)]
    [InlineData("cuda:+1", false)]
    [InlineData("cuda: 1", false)]
    [InlineData("cuda:1.5", false)]
    [InlineData("cuda:99999999999", false)]
    [InlineData("CUDA", false)]
    [InlineData("gpu", false)]
    [InlineData("", false)]
    public void IsRequest_Text_IsADeviceOrNot(string request, bool expected)
    {
        Assert.Equal(expected, Devices.IsRequest(request));
        if (!expected)
            Assert.Contains(
                Devices.Requests,
                Assert.Throws<ArgumentException>(() => Devices.Resolve(request)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Resolve_WithoutAGpu_IsTheCpuOrSaysWhy()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "there is a GPU");
        Assert.Equal("cpu", Devices.Resolve("cpu"));
        Assert.Equal("cpu", Devices.Resolve("auto"));
        Assert.Empty(Devices.CudaDevices());
        foreach (var request in new[] { "cuda", "cuda:0", "cuda:7" })
            Assert.Contains(
                $"device {request} was asked for, but torch sees no CUDA device",
                Assert.Throws<PlatformNotSupportedException>(() => Devices.Resolve(request)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void IsOutOfMemory_WhatTorchThrows_IsRecognised()
    {
        // More than any machine can address.
        var error = Assert.ThrowsAny<Exception>(() => torch.zeros(1L << 55));
        Assert.True(Devices.IsOutOfMemory(error), error.ToString());
        Assert.True(
            Devices.IsOutOfMemory(
                new TorchError(
                    "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.11 GiB"
                )
            )
        );
        Assert.False(Devices.IsOutOfMemory(new TorchError("mat1 and mat2 shapes cannot be multiplied")));
        Assert.False(Devices.IsOutOfMemory(new ArgumentException("out of memory")));
    }

    // TorchSharp throws the base class.
    private sealed class TorchError(string message) : ExternalException(message);
}
