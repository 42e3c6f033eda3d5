/** What is needed to draw how a cohort works its orders. */
import type { ExecutionDraws, ExecutionSpec } from '../../sim/execution/index.js';
import type { FieldTerms } from './field-terms.js';
import { toDistribution } from './quantity.js';
import type { ParameterQuantity } from './quantity.js';
import type { Execution } from './schema-execution.js';

/** What the agents of a cohort have in common, and what each draws: see `ExecutionDraws`. */
export interface ExecutionTerms {
  spec: ExecutionSpec;
  horizon: FieldTerms;
  interval: FieldTerms;
  rate: FieldTerms;
}

const MICROS = { min: 1, max: 30 * 86_400_000_000 };

/**
 * Turns an execution into distributions; null for orders at market, at once. Agents worth `share`
 * times what was written, as there are fewer or more of them, are as much less averse to risk.
 */
export function executionTerms(execution: Execution, share: number): ExecutionTerms | null {
  const common = { slices: 1, volatility: 0, temporaryImpact: 0, permanentImpact: 0 };
  const nothing = plain(0, 0, 0);
  switch (execution.policy) {
    case 'market':
      return null;
    case 'limit-join':
      return {
        spec: { ...common, policy: execution.policy },
        horizon: micros(execution.patience),
        interval: micros(execution.reprice),
        rate: nothing,
      };
    case 'twap':
      return {
        spec: { ...common, policy: execution.policy, slices: execution.slices },
        horizon: micros(execution.duration),
        interval: nothing,
        rate: nothing,
      };
    case 'pov':
      return {
        spec: { ...common, policy: execution.policy },
        horizon: nothing,
        interval: micros(execution.look),
        rate: plain(execution.rate, 0, 1),
      };
    case 'almgren-chriss': {
      const { policy, slices, volatility, temporaryImpact, permanentImpact } = execution;
      return {
        spec: { policy, slices, volatility, temporaryImpact, permanentImpact },
        horizon: micros(execution.duration),
        interval: nothing,
        rate: { ...plain(execution.riskAversion, 0, 1e9), factor: 1 / share },
      };
    }
  }
}

/** Draws what each agent has for itself, with `draw` naming the stream. */
export function drawExecution(
  terms: ExecutionTerms,
  draw: (name: string, field: FieldTerms) => Float64Array,
): ExecutionDraws {
  return {
    horizonMicros: draw('execution.horizon', terms.horizon),
    intervalMicros: draw('execution.interval', terms.interval),
    rate: draw('execution.rate', terms.rate),
  };
}

function micros(quantity: ParameterQuantity): FieldTerms {
  return {
    distribution: toDistribution(quantity),
    bounds: MICROS,
    factor: 1,
    limits: MICROS,
    integer: true,
  };
}

function plain(quantity: ParameterQuantity, min: number, max: number): FieldTerms {
  const bounds = { min, max };
  return { distribution: toDistribution(quantity), bounds, factor: 1, limits: bounds, integer: false };
}
