using System.CommandLine;
using FlatBias.Reports.Laboratory;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias lab: the laboratory, served to this machine's browser.</summary>
internal static class LabCommand
{
    public const string Name = "lab",
        Summary =
            "Serves the laboratory, a page that runs the landscapes and theories in the browser, to this machine alone, and prints its address; Ctrl-C ends it.";

    private const int DefaultPort = 5117;

    public static Command Create(CancellationToken cancellation)
    {
        var port = Options.Whole("--port", DefaultPort, "the port on the loopback address, 1 to 65535");
        var command = new Command(
            Name,
            Summary
                + """


                Example:
                  flatbias lab
                """
        )
        {
            port,
        };
        command.SetAction(parsed =>
        {
            using var page = LabPage.Open();
            using var server = new LabServer(page, parsed.GetValue(port));
            Console.WriteLine($"The laboratory is at {server.Address} (Ctrl-C ends it).");
            server.Serve(cancellation);
            return FlatBiasCommand.Success;
        });
        return command;
    }
}
