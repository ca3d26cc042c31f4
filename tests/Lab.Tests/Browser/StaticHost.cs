using System.Net;
using System.Net.Sockets;

namespace FlatBias.Lab.Tests.Browser;

/// <summary>A server of files that does nothing but that.</summary>
internal static class StaticHost
{
    /// <summary>Serves a folder under a path of the loopback address until the listener is closed.</summary>
    /// <returns>The address of the folder.</returns>
    public static string Serve(HttpListener listener, string folder, string path)
    {
        var address = $"http://127.0.0.1:{FreePort()}/{path}/";
        listener.Prefixes.Add(address);
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
                Answer(await listener.GetContextAsync(), folder, $"/{path}/");
        });
        return address;
    }

    /// <summary>A port that nobody has.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Answer(HttpListenerContext context, string folder, string prefix)
    {
        try
        {
            Write(context, folder, prefix);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // A page that is left, or a worker that is ended, goes away before it has everything.
            context.Response.Abort();
        }
    }

    private static void Write(HttpListenerContext context, string folder, string prefix)
    {
        var response = context.Response;
        var name = context.Request.Url!.AbsolutePath[prefix.Length..];
        var file = Path.Combine(folder, name.Length == 0 ? "index.html" : name);
        if (!File.Exists(file))
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }

        response.ContentType = Path.GetExtension(file) switch
        {
            ".html" => "text/html",
            ".js" => "text/javascript",
            ".css" => "text/css",
            ".wasm" => "application/wasm",
            _ => "application/octet-stream",
        };
        response.OutputStream.Write(File.ReadAllBytes(file));
        response.Close();
    }
}
