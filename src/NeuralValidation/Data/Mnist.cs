namespace FlatBias.NeuralValidation.Data;

/// <summary>MNIST (LeCun, Cortes and Burges 1998): 28 x 28 grey images of the ten digits, in four IDX files.</summary>
internal sealed class Mnist : DataEntry
{
    // Mean and standard deviation of all pixels of the 60,000 training images, on the scale from 0 to 1.
    private static readonly IdxFolder Layout = new("MNIST", 0.1307, 0.3081);

    public override string Name => "mnist";

    public override string Summary => "60,000 + 10,000 handwritten digits";

    public override DataPlace Place => DataPlace.Folder;

    public override string Normalisation => Layout.Normalisation;

    public override string Obtaining => "the four IDX files, gzipped or not, under their official names";

    internal override (int Train, int Test)? Available(DataRequest asked) => Layout.Available(asked.Located);

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Layout.Load(asked.Located, train, test);
}
