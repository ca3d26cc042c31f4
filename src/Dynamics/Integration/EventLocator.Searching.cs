namespace FlatBias.Dynamics.Integration;

/// <content>Searching one part of a step: sign changes, and excursions to zero and back.</content>
public sealed partial class EventLocator
{
    /// <summary>Follows all events through one part.</summary>
    private void Part(StepInterpolant step, double left, double right)
    {
        for (var e = 0; e < _events.Length; e++)
        {
            var (atLeft, atRight) = (_left[e], At(step, e, right));
            _left[e] = atRight;
            // On the event's surface, where the sign is 0, the samples beside the ends are needed too.
            if (!(_sign[e] * atRight > 0 && LeadsOutward(step, e, left, right, atLeft, atRight)))
                Resolve(step, e, left, right, atLeft, atRight);
        }
    }

    /// <summary>
    /// Whether the function leads away from zero at the end of a part that is nearer to it: where it does, there is no
    /// excursion to zero and back within.
    /// </summary>
    private bool LeadsOutward(StepInterpolant step, int e, double left, double right, double atLeft, double atRight)
    {
        var falls = Math.Abs(atRight) < Math.Abs(atLeft);
        var (beside, end) = falls ? (At(step, e, right - _margin), atRight) : (At(step, e, left + _margin), atLeft);
        return _sign[e] * beside > 0 && Math.Abs(beside) >= Math.Abs(end);
    }

    /// <summary>Follows an event through a part in which it may happen. Next to both ends a sample gives the slope there.</summary>
    private void Resolve(StepInterpolant step, int e, double left, double right, double atLeft, double atRight)
    {
        var margin = Margin(right - left);
        var (near, far) = (left + margin, right - margin);
        var (atNear, atFar) = (At(step, e, near), At(step, e, far));
        Advance(step, e, left, near, atNear);
        var inward = Math.Abs(atNear) < Math.Abs(atLeft) && Math.Abs(atFar) < Math.Abs(atRight);
        if (inward && _sign[e] != 0 && Math.Sign(atFar) == _sign[e] && Math.Sign(atRight) == _sign[e])
            Excursion(step, e, near, far);
        Advance(step, e, near, far, atFar);
        Advance(step, e, far, right, atRight);
    }

    /// <summary>
    /// How far beside an end the slope is sampled, in the direction of a part. Its sign is all that matters: a
    /// millionth of the part is far above rounding, unless the time itself is too coarse for it, and what hides within
    /// it is documented.
    /// </summary>
    private double Margin(double part)
    {
        var length = Math.Abs(part);
        return Math.CopySign(Math.Min(Math.Max(1e-6 * length, 2 * _resolution), length / 4), part);
    }

    /// <summary>Records the sign change between two neighbouring samples, if there is one that counts.</summary>
    private void Advance(StepInterpolant step, int e, double left, double right, double value)
    {
        var (before, after) = (_sign[e], Math.Sign(value));
        _sign[e] = after;
        if (before == 0 || before == after)
            return;
        Record(e, after == 0 ? right : Root(step, e, left, right, before), before);
    }

    /// <summary>Looks between two samples of one sign for the turning point of the function, and for a crossing on either side of it.</summary>
    private void Excursion(StepInterpolant step, int e, double left, double right)
    {
        var (a, b, sign) = (left, right, _sign[e]);
        while (Math.Abs(b - a) > _resolution)
        {
            var (near, far) = (a + ((b - a) / 3), b - ((b - a) / 3));
            var (atNear, atFar) = (At(step, e, near), At(step, e, far));
            if (Math.Sign(atNear) != sign || Math.Sign(atFar) != sign)
            {
                var across = Math.Sign(atNear) != sign ? near : far;
                Record(e, Root(step, e, left, across, sign), sign);
                Record(e, Root(step, e, across, right, -sign), -sign);
                return;
            }

            if (Math.Abs(atNear) < Math.Abs(atFar))
                b = far;
            else
                a = near;
        }
    }

    /// <summary>The end of a bracket no longer than the tolerance, where the sign has changed or the value is zero.</summary>
    private double Root(StepInterpolant step, int e, double a, double b, int sign)
    {
        var (valueA, valueB, bisect) = (At(step, e, a), At(step, e, b), false);
        while (Math.Abs(b - a) > Math.Max(_tolerance, _resolution))
        {
            var (width, margin) = (b - a, Math.Max(_tolerance, _resolution) / 2);
            var share = bisect ? 0.5 : valueA / (valueA - valueB);
            // A secant point on the very edge would leave the bracket open; half the tolerance inside closes it as soon as the secant has converged.
            var edge = Math.Min(margin / Math.Abs(width), 0.5);
            share = double.IsFinite(share) ? Math.Clamp(share, edge, 1 - edge) : 0.5;
            var middle = a + (share * width);
            if (middle == a || middle == b)
                break;
            var value = At(step, e, middle);
            if (Math.Sign(value) == sign)
                (a, valueA) = (middle, value);
            else
                (b, valueB) = (middle, value);
            bisect = Math.Abs(b - a) > 0.5 * Math.Abs(width);
        }

        return b;
    }

    private void Record(int e, double time, int before)
    {
        var direction = _events[e].Direction;
        if (direction == EventDirection.Both || (direction == EventDirection.Rising) == (before < 0))
            _found.Add((time, e));
    }
}
