// What a script in this folder begins with: #load "flatbias.csx". Build once before: dotnet build.
// Outside the repository, once the packages are on a feed, #r "nuget: FlatBias, 0.1.0", and for networks a libtorch (docs/package.md), takes the place of the references, and the usings are the script's own.
#r "../src/Reports/bin/Release/net10.0/flatbias.dll"
#r "../src/Reports/bin/Release/net10.0/FlatBias.Dynamics.dll"
#r "../src/Reports/bin/Release/net10.0/FlatBias.Quadratic.dll"
#r "../src/Reports/bin/Release/net10.0/FlatBias.NeuralValidation.dll"
#r "../src/Reports/bin/Release/net10.0/OxyPlot.dll"
#r "../src/Reports/bin/Release/net10.0/TorchSharp.dll"
global using System;
global using System.Collections.Generic;
global using System.IO;
global using System.Linq;
global using FlatBias.Dynamics.Checkpoints;
global using FlatBias.Dynamics.Descent;
global using FlatBias.Dynamics.Forecasting;
global using FlatBias.Dynamics.Integration;
global using FlatBias.Dynamics.Jets;
global using FlatBias.Dynamics.Maps;
global using FlatBias.Dynamics.Observables;
global using FlatBias.Dynamics.Runs;
global using FlatBias.Dynamics.Spectra;
global using FlatBias.Dynamics.Stability;
global using FlatBias.Dynamics.Sweeps;
global using FlatBias.Dynamics.Theories;
global using FlatBias.Dynamics.Vectors;
global using FlatBias.NeuralValidation.Curvature;
global using FlatBias.NeuralValidation.Data;
global using FlatBias.NeuralValidation.Networks;
global using FlatBias.NeuralValidation.Training;
global using FlatBias.Quadratic.Arithmetic;
global using FlatBias.Quadratic.Landscapes;
global using FlatBias.Quadratic.Sweeps;
global using FlatBias.Reports.Claims;
global using FlatBias.Reports.Figures;
global using FlatBias.Reports.Records;
global using FlatBias.Reports.Sweeps;
global using OxyPlot;
global using TorchSharp;

// Whether the word "reduced" is among the arguments: a setting small enough for a test.
bool Reduced => Args.Contains("reduced");

// The picture named among the arguments (.svg, .pdf or .png), or the sample's own.
string Picture(string name) => Args.FirstOrDefault(a => a.EndsWith(".svg") || a.EndsWith(".pdf") || a.EndsWith(".png")) ?? name;
