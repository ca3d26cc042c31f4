using System.Globalization;
using System.Text.Json.Serialization;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// The step size as a function of the step. A number converts to a constant schedule by itself. Two that say the same
/// are equal.
/// </summary>
[JsonConverter(typeof(StepSizeJson))]
public abstract record StepSizeSchedule
{
    /// <summary>The step size of a constant schedule.</summary>
    /// <param name="stepSize">eta, finite and above 0.</param>
    public static implicit operator StepSizeSchedule(double stepSize) => new ConstantStepSize(stepSize);

    /// <summary>The step size, where it is the same at every step.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public double Constant =>
        this is ConstantStepSize { StepSize: var stepSize }
            ? stepSize
            : throw new InvalidOperationException($"The step size {Text} changes from step to step.");

    /// <summary>eta_t.</summary>
    /// <param name="step">t, at least 0.</param>
    /// <returns>The step size of the step from t to t + 1.</returns>
    public abstract double At(int step);

    /// <summary>Checks the schedule against the length of a run.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">Something happens outside the run.</exception>
    public virtual void Validate(int steps) { }

    /// <summary>
    /// Reads a schedule as <see cref="ScheduleCatalogue"/> has it: <c>0.1</c>, <c>drop:HIGH,LOW,AT</c> and so on.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text is none of the forms, or a number is outside its range.</exception>
    public static StepSizeSchedule Parse(string text) => ScheduleCatalogue.Read(text);

    /// <summary>
    /// The schedule as <see cref="Parse"/> reads it; each number is the shortest text that reads back to it.
    /// </summary>
    public sealed override string ToString() => Text;

    /// <summary>The schedule as its entry in <see cref="ScheduleCatalogue"/> reads it.</summary>
    protected abstract string Text { get; }

    /// <summary>Writes a form of the catalogue with its numbers.</summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="numbers">The numbers.</param>
    private protected static string Write(string name, params IEnumerable<double> numbers) =>
        $"{name}:{string.Join(',', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)))}";
}

/// <summary>One step size throughout.</summary>
public sealed record ConstantStepSize : StepSizeSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="stepSize">eta, finite and above 0.</param>
    public ConstantStepSize(double stepSize) => StepSize = Require.Positive(stepSize, "step-size");

    /// <summary>eta.</summary>
    public double StepSize { get; }

    /// <inheritdoc/>
    public override double At(int step) => StepSize;

    /// <inheritdoc/>
    protected override string Text => StepSize.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>One step size up to a step, another from there on, as in (8.3).</summary>
public sealed record DroppedStepSize : StepSizeSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="high">eta before the drop.</param>
    /// <param name="low">eta from the drop on.</param>
    /// <param name="at">The first step taken with the second size, at least 1.</param>
    public DroppedStepSize(double high, double low, int at) =>
        (High, Low, DropAt) = (
            Require.Positive(high, "step-size"),
            Require.Positive(low, "step-size"),
            Require.InRange(at, 1, name: "drop step")
        );

    /// <summary>eta before the drop.</summary>
    public double High { get; }

    /// <summary>eta from the drop on.</summary>
    public double Low { get; }

    /// <summary>The first step taken with the second size.</summary>
    public int DropAt { get; }

    /// <inheritdoc/>
    public override double At(int step) => step < DropAt ? High : Low;

    /// <inheritdoc/>
    public override void Validate(int steps) => Require.InRange(DropAt, 1, Math.Max(1, steps - 1), "drop step");

    /// <inheritdoc/>
    protected override string Text => Write("drop", High, Low, DropAt);
}

/// <summary>A linear rise to the step size, then constant.</summary>
public sealed record WarmedUpStepSize : StepSizeSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="stepSize">eta after the warm-up.</param>
    /// <param name="warmUp">Steps of the rise, at least 1: step t takes eta (t + 1) / (warmUp + 1).</param>
    public WarmedUpStepSize(double stepSize, int warmUp) =>
        (StepSize, WarmUp) = (Require.Positive(stepSize, "step-size"), Require.InRange(warmUp, 1, name: "warm-up"));

    /// <summary>eta after the warm-up.</summary>
    public double StepSize { get; }

    /// <summary>Steps of the rise.</summary>
    public int WarmUp { get; }

    /// <inheritdoc/>
    public override double At(int step) => step >= WarmUp ? StepSize : StepSize * (step + 1) / (WarmUp + 1);

    /// <inheritdoc/>
    public override void Validate(int steps) => Require.InRange(WarmUp, 1, Math.Max(1, steps - 1), "warm-up");

    /// <inheritdoc/>
    protected override string Text => Write("warm-up", StepSize, WarmUp);
}

/// <summary>A list of step sizes, over and over.</summary>
public sealed record CyclicStepSize : StepSizeSchedule
{
    private readonly double[] _sizes;

    /// <summary>Makes the schedule.</summary>
    /// <param name="sizes">The sizes, at least one, each finite and above 0.</param>
    public CyclicStepSize(IReadOnlyList<double> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Require.InRange(sizes.Count, 1, name: "number of step sizes");
        foreach (var size in sizes)
            Require.Positive(size, "step-size");
        _sizes = [.. sizes];
    }

    /// <summary>The sizes.</summary>
    public IReadOnlyList<double> Sizes => _sizes;

    /// <inheritdoc/>
    public override double At(int step) => _sizes[step % _sizes.Length];

    /// <summary>Whether two hold the same sizes.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(CyclicStepSize? other) => other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override string Text => Write("cyclic", _sizes);
}
