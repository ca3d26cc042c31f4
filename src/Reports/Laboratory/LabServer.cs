using System.Net;
using System.Net.Sockets;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Laboratory;

/// <summary>Serves the page on the loopback address, to this machine alone.</summary>
internal sealed class LabServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly LabPage _page;

    /// <summary>Begins to listen.</summary>
    /// <param name="page">The page.</param>
    /// <param name="port">From 1 to 65535.</param>
    /// <exception cref="IOException">The port is in use, or this user may not have it.</exception>
    public LabServer(LabPage page, int port)
    {
        _page = page;
        Address = $"http://{IPAddress.Loopback}:{Require.InRange(port, 1, 65535)}/";
        // Requests that name another host are not answered, so that no page elsewhere can read this one by its name.
        _listener.Prefixes.Add(Address);
        try
        {
            _listener.Start();
        }
        catch (Exception e) when (e is HttpListenerException or SocketException)
        {
            throw new IOException(
                $"port {port} cannot be had ({e.Message.TrimEnd('.')}); choose another with --port.",
                e
            );
        }
    }

    /// <summary>Where the page is.</summary>
    public string Address { get; }

    /// <summary>Answers until it is cancelled.</summary>
    public void Serve(CancellationToken cancellation)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                // A listener that is stopped leaves those who wait for it waiting.
                context = _listener.GetContextAsync().WaitAsync(cancellation).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                return;
            }

            ThreadPool.QueueUserWorkItem(_ => Answer(context));
        }
    }

    public void Dispose() => _listener.Close();

    private void Answer(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        try
        {
            if (request.HttpMethod is not ("GET" or "HEAD"))
            {
                response.StatusCode = (int)HttpStatusCode.MethodNotAllowed;
            }
            else if (_page.Read(request.Url!.AbsolutePath) is not var (type, content))
            {
                response.StatusCode = (int)HttpStatusCode.NotFound;
            }
            else
            {
                response.ContentType = type;
                response.ContentLength64 = content.Length;
                // A page built anew is seen at once.
                response.Headers["Cache-Control"] = "no-cache";
                if (request.HttpMethod == "GET")
                    response.OutputStream.Write(content);
            }

            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The browser went away before it had everything.
            response.Abort();
        }
    }
}
