using FlatBias.Lab.Drawing;
using FlatBias.Lab.Views;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<LabPage>("#app");
await Page.Load();
await builder.Build().RunAsync();
