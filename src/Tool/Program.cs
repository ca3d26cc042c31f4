using FlatBias.Reports.Cli;

return FlatBiasCommand.Run(args);
