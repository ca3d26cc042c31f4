using FlatBias.Commands.Tests;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests.Viewing;

/// <summary>A run of every kind that is quick to make, each in its folder.</summary>
public sealed class ViewedRuns : IDisposable
{
    private const string Small =
        "--train 40 --test 10 --widths 4 --activation tanh --loss mse --measure-every 2 --eigenpairs 2 --threads 1";

    private const string Sweep =
        """{ "landscape": "two-parameter-network", "set": { "steps": 40 }, "start": [-0.1, 10], "axes": [ { "parameter": "step-size", "linear": { "from": 0.008, "to": 0.016, "count": 5 } }, { "parameter": "landscape.exponent", "list": [2, 3] } ] }""";

    private readonly TemporaryFolder _folder = new();

    public ViewedRuns()
    {
        Make("network", $"train {Small} --step-size 0.2 --steps 20");
        Make("slower", $"train {Small} --step-size 0.1 --steps 20");
        Make("adam", $"train {Small} --step-size 0.01 --steps 20 --optimiser adam");
        Make("landscape", "simulate two-parameter-network --start=-0.1,10 --step-size 0.011 --steps 60");
        Make("calm", "simulate quadratic --start=1,1 --set eigenvalues=2,1 --step-size 0.1 --steps 4");
        Make("theories", "compare two-parameter-network --start=-0.1,10 --step-size 0.011 --steps 20");
        File.WriteAllText(_folder.File("sweep.json"), Sweep);
        Make("sweep", $"sweep {_folder.File("sweep.json")} --threads 1");
        Empty("empty");
        Begun();
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>The folder of a run, or a file beside them.</summary>
    public string this[string name] => _folder.File(name);

    private void Make(string name, string command)
    {
        var (code, _, error) = CommandLine.Run([.. command.Split(' '), "--out", _folder.File(name)]);
        Assert.True(code == 0, error);
    }

    private void Empty(string name) => Directory.CreateDirectory(_folder.File(name));

    /// <summary>
    /// A run as it is while it goes on, or after its process was killed: what it was told to do, and rows of which the
    /// last is cut off.
    /// </summary>
    private void Begun()
    {
        Empty("begun");
        var spec = RunRecord.Load(this["network"]).Manifest.Specification;
        RunStart.Of(spec, 1).Write(this["begun"]);
        var rows = File.ReadAllBytes(Path.Combine(this["network"], "series.rows"));
        File.WriteAllBytes(Path.Combine(this["begun"], "series.rows"), rows[..^3]);
    }
}
