using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Integration;

/// <content>One step: the Jacobian, the matrix, the stages and the error.</content>
public sealed partial class Rosenbrock
{
    private struct Stepper<TFlow>(Rosenbrock owner, TFlow flow) : IStepper
        where TFlow : struct, IJacobianFlow
    {
        private bool _linearised;

        /// <summary>The embedded solution has order 3.</summary>
        public readonly int ErrorOrder => 4;

        public readonly ReadOnlySpan<double> Derivative => owner._derivative;

        public readonly ReadOnlySpan<double> Trial => owner._trial;

        public long Evaluations { get; private set; }

        public long Jacobians { get; private set; }

        public void Begin(double time, ReadOnlySpan<double> state)
        {
            flow.Derivative(time, state, owner._derivative);
            Evaluations++;
            _linearised = false;
        }

        public Span<double> Probe(double time, double step, ReadOnlySpan<double> state)
        {
            // The derivative in time is made anew with every Jacobian; until then its place is free.
            var (point, ahead) = (owner._trial, owner._timeDerivative);
            for (var i = 0; i < state.Length; i++)
                point[i] = state[i] + (step * owner._derivative[i]);
            flow.Derivative(time + step, point, ahead);
            Evaluations++;
            return ahead;
        }

        public double Attempt(double time, double step, double last, ReadOnlySpan<double> state)
        {
            Linearise(time, step, state);
            if (!Decompose(step))
            {
                owner._trial.AsSpan().Fill(double.NaN);
                return double.NaN;
            }

            for (var s = 0; s < owner._stages.Length; s++)
                Solve(s, time, step, last, state);
            state.CopyTo(owner._trial);
            Accumulate(owner._tableau.Weights, owner._trial);
            return Norm(state);
        }

        public readonly void Interpolate(
            double time,
            double step,
            double end,
            ReadOnlySpan<double> state,
            StepInterpolant interpolant
        )
        {
            interpolant.Begin(time, step, end, state, owner._trial);
            for (var j = 0; j < owner._tableau.Dense.Count; j++)
            {
                var term = interpolant.Term(1 + j);
                term.Clear();
                Accumulate(owner._tableau.Dense[j], term);
            }
        }

        public void Accept(double time) => Begin(time, owner._trial);

        private void Linearise(double time, double step, ReadOnlySpan<double> state)
        {
            if (_linearised)
                return;
            var passage = state.Length * step * owner._norm.Of(owner._derivative, state);
            for (var j = 0; j < state.Length; j++)
                owner._increments[j] = DifferenceStep.Forward(
                    state[j],
                    step * owner._derivative[j],
                    owner._norm.Scale(j, state[j], state[j]),
                    passage
                );
            flow.Jacobian(time, state, owner._increments, owner._jacobian);
            flow.TimeDerivative(time, state, DifferenceStep.InTime(time, step), owner._timeDerivative);
            Jacobians++;
            _linearised = true;
        }

        private readonly bool Decompose(double step)
        {
            var n = owner._trial.Length;
            var matrix = owner._lu.Matrix;
            for (var i = 0; i < matrix.Length; i++)
                matrix[i] = -owner._jacobian[i];
            for (var i = 0; i < n; i++)
                matrix[(i * n) + i] += 1 / (step * owner._tableau.Gamma);
            return owner._lu.Factor();
        }

        private void Solve(int stage, double time, double step, double last, ReadOnlySpan<double> state)
        {
            var (target, trial) = (owner._stages[stage], owner._trial);
            if (stage == 0)
            {
                owner._derivative.CopyTo(target, 0);
            }
            else
            {
                state.CopyTo(trial);
                Accumulate(owner._stageRows[stage], trial);
                var node = owner._tableau.Nodes[stage];
                flow.Derivative(node == 1 ? last : time + (node * step), trial, target);
                Evaluations++;
            }

            var (couplings, weight) = (owner._couplingRows[stage], step * owner._tableau.TimeWeights[stage]);
            for (var i = 0; i < target.Length; i++)
            {
                var sum = 0.0;
                for (var s = 0; s < couplings.Length; s++)
                    sum += couplings[s] * owner._stages[s][i];
                target[i] += (sum / step) + (weight * owner._timeDerivative[i]);
            }

            owner._lu.Solve(target);
        }

        /// <summary>Adds sum_s w_s u_s.</summary>
        private readonly void Accumulate(IReadOnlyList<double> weights, Span<double> destination)
        {
            for (var s = 0; s < weights.Count; s++)
            {
                var (weight, stage) = (weights[s], owner._stages[s]);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] += weight * stage[i];
            }
        }

        private readonly double Norm(ReadOnlySpan<double> state)
        {
            var (trial, sum) = (owner._trial, 0.0);
            for (var i = 0; i < state.Length; i++)
            {
                var error = 0.0;
                for (var s = 0; s < owner._stages.Length; s++)
                    error += owner._tableau.ErrorWeights[s] * owner._stages[s][i];
                var ratio = error / owner._norm.Scale(i, state[i], trial[i]);
                // An infinite state would allow an infinite error: zero times it is no number.
                sum += (ratio * ratio) + (0 * trial[i]);
            }

            return Math.Sqrt(sum / state.Length);
        }
    }
}
