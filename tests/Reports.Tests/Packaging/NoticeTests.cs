using FlatBias.Reports.Tests.Documents;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

/// <summary>NOTICE.md is made of what the packages say that FlatBias passes on.</summary>
public class NoticeTests
{
    private static readonly string[] Heads = ["package", "licence", "copyright"];

    [Fact]
    public void Notice_OfTheRepository_NamesAllThatIsPassedOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the packages named are those of Linux");
        var images = File.ReadLines(Path.Combine(Repository.Root, "data", "fashion-mnist-5k", "LICENSE"))
            .Single(line => line.StartsWith("Copyright", StringComparison.Ordinal));

        GeneratedPage.Check(
            "../NOTICE.md",
            $"""
            # Notice

            FlatBias is under the MIT licence (LICENSE). What others made and is passed on with it is named here, as its packages name it. A licence of MIT is the text of LICENSE under the copyright that stands beside it; other texts lie in `licences/`, in the tool's package beside the program with those that packages bring themselves.

            ## In FlatBias.NeuralValidation

            Images of Fashion-MNIST: MIT, {images}. Six sonnets of Shakespeare: public domain. The packages of the libraries hold nothing else of others; what they depend on comes from its own packages.

            ## In FlatBias.Tool, as it is packed on Linux

            {GeneratedTable.Of(Heads, FetchedPackage.InTheTool().Select(Row)).TrimEnd()}

            PyTorch in libtorch-cpu-linux-x64 is under BSD-3-Clause, and what PyTorch is made of under the licences in `licences/libtorch-cpu-linux-x64`; what the native libraries of Skia and HarfBuzz are made of stands in their folders.

            ## In the page of the laboratory, which the tool holds too

            Apache ECharts, out of the package Vizor.ECharts (whose own code is not used): Apache-2.0 (`licences/Apache-2.0.txt`), Copyright The Apache Software Foundation; this product includes software developed at The Apache Software Foundation. In it ZRender: BSD-3-Clause, Copyright Baidu Inc.

            The .NET runtime, from Microsoft.NETCore.App.Runtime.Mono.browser-wasm: MIT, © Microsoft Corporation; what it is made of stands in its folder of `licences/`.

            {GeneratedTable.Of(Heads, FetchedPackage.InThePage().Select(Row)).TrimEnd()}

            """
        );
    }

    [Fact]
    public void InTheTool_AsBuilt_HasNoLicenceWithoutAText()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the packages named are those of Linux");
        var texts = Directory
            .GetFiles(Path.Combine(Repository.Root, "licences"), "*.txt")
            .Select(Path.GetFileNameWithoutExtension)
            .Append("MIT");

        Assert.Superset(
            FetchedPackage
                .InTheTool()
                .Concat(FetchedPackage.InThePage())
                .Select(package => package.Licence)
                .ToHashSet(),
            texts.ToHashSet()!
        );
    }

    private static IReadOnlyList<string> Row(FetchedPackage package) =>
        [package.Id, package.Licence, GeneratedTable.Cell(package.Copyright)];
}
