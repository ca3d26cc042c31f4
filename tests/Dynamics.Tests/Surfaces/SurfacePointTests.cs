using FlatBias.Dynamics.Surfaces;
using FlatBias.Testing;

namespace FlatBias.Dynamics.Tests.Surfaces;

public class SurfacePointTests
{
    [Fact]
    public void HessianBlock_SurfaceWithoutItsOwn_IsProductByProduct()
    {
        var surface = QuarticSurface.Random(new Random(1), [3, 2, 1, -1, -2], 0.5, 0.5);
        ISurfacePoint<double[]> point = surface.At([0.3, -0.2, 0.5, 0.1, 0.7]);
        using var directions = surface.Space.CreateBlock(3);
        using var results = surface.Space.CreateBlock(3);
        for (var i = 0; i < 3; i++)
            surface.Space.FillGaussian(directions[i], new Random(i));
        point.HessianBlock(directions, results, 2);
        var expected = new double[5];
        for (var i = 0; i < 2; i++)
        {
            point.HessianVector(directions[i], expected);
            Assert.Equal(expected, results[i]);
        }

        Assert.Equal(new double[5], results[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => point.HessianBlock(directions, results, 4));
    }
}
