using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The closed derivatives of the links against Taylor arithmetic on the bare formula.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public class LinkTests
{
    [Property]
    public void Logistic_WideArguments_AgreesWithTheSeriesOfItsFormula(LogUniform size, Real sign)
    {
        var x = size.In(1e-3, 700) * Math.Sign(sign.Value);
        double[] closed = new double[8],
            series = new double[8];
        default(LogisticLink).Derivatives(x, closed);
        new CustomLink("logistic", t => Dual<Taylor>.Softplus(-t)).Derivatives(x, series);
        // Relative to w = z'' even where that is 1e-300. The closed forms' terms in absolute value: w times 1, 1, 2.5, 4, 16, 39 (w <= 1/4); the recurrence's are below k!.
        // Either has fewer than 64 roundings in a chain; exp(-softplus) amplifies one by |x|.
        double[] terms = [1, 1, 1, 1, 6, 24, 120, 720];
        for (var k = 0; k < 8; k++)
        {
            var scale = k < 2 ? Math.Abs(closed[k]) : closed[2] * terms[k];
            Near.Equal(closed[k], series[k], (64 + (4 * Math.Abs(x))) * Near.Roundoff * scale, $"z^({k}) at {x:R}");
        }
    }

    [Property]
    public void Custom_PowerAndSquaredErrorFormulas_AreTheBuiltInLinks(Real at, Size exponent, LogUniform coefficient)
    {
        var (x, m) = (3 * at.Value, exponent.Value + 1);
        Compare(
            new PowerLink(m, coefficient.Value),
            t => coefficient.Value * Power(t, m),
            new PowerLink(m, coefficient.Value)
        );
        // The majorant of (x - y)^2 / 2 is (|x| + |y|)^2 / 2.
        Compare(new SquaredErrorLink(1.5), t => 0.5 * (t - 1.5) * (t - 1.5), new SquaredErrorLink(-1.5));

        void Compare<TLink>(TLink link, Func<Dual<Taylor>, Dual<Taylor>> formula, TLink majorant)
            where TLink : struct, ILink
        {
            double[] closed = new double[8],
                series = new double[8],
                scale = new double[8];
            link.Derivatives(x, closed);
            new CustomLink("formula", formula).Derivatives(x, series);
            majorant.Derivatives(Math.Abs(x), scale);
            // At most 9 products of series, each with 8 roundings in a chain.
            for (var k = 0; k < 8; k++)
                Near.Equal(closed[k], series[k], 96 * Near.Roundoff * scale[k], $"{link.Name} z^({k})");
        }

        static T Power<T>(T value, int n)
            where T : struct, IReal<T> => T.Power(value, n);
    }

    [Property]
    public void Custom_FewerDerivativesAsked_AreTheSameNumbers(Real at)
    {
        var link = new CustomLink("sine", t => Dual<Taylor>.SinCos(t).Sin);
        var all = new double[8];
        link.Derivatives(at.Value, all);
        for (var k = 1; k < 8; k++)
        {
            var some = new double[k];
            link.Derivatives(at.Value, some);
            Assert.Equal(all[..k], some);
        }
    }

    [Fact]
    public void Custom_DerivativesGiven_ArePassedOn()
    {
        // z = 2 Theta + 3 on theta = (5, 7): the network's gradient is 2 (7, 5), its Hessian 2 off the diagonal.
        var network = new TwoParameterNetwork<CustomLink>(
            new CustomLink(
                "affine",
                (x, z) =>
                {
                    z.Clear();
                    z[0] = (2 * x) + 3;
                    if (z.Length > 1)
                        z[1] = 2;
                }
            )
        );
        double[] gradient = new double[2],
            hessian = new double[4];
        network.Gradient([5, 7], gradient);
        network.Hessian([5, 7], hessian);
        Assert.Equal(73, network.Loss([5, 7]));
        Assert.Equal([14, 10], gradient);
        Assert.Equal([0, 2, 2, 0], hessian);
    }

    [Fact]
    public void Constructor_NothingGiven_NamesTheParameter()
    {
        Assert.Equal(
            "derivatives",
            Assert.Throws<ArgumentNullException>(() => new CustomLink("x", (LinkDerivatives)null!)).ParamName
        );
        Assert.Equal(
            "formula",
            Assert
                .Throws<ArgumentNullException>(() => new CustomLink("x", (Func<Dual<Taylor>, Dual<Taylor>>)null!))
                .ParamName
        );
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => new CustomLink("", (_, _) => { })).ParamName);
    }
}
