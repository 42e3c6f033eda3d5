/** A limit on a risk measure: cut to it when it is passed, restored slowly well below it. */
import {
  type DecisionBatch, type Gain, type GainState, type ParameterSpec, Urgency,
} from '../../sim/strategy/index.js';
import { cappedGain, lesser, reaches } from './capped-gain.js';
import { directionParam } from './common-params.js';

/** Parameters of the limit. */
export const riskLimitParams = {
  leverage: {
    doc: 'Leverage held while the limit leaves room', unit: 'leverage', min: 0, max: 1000,
    default: 3, source: 'assumption',
  },
  direction: directionParam,
  measure: {
    doc: 'Risk that is limited: 0 value at risk, 1 expected shortfall', unit: '1', min: 0, max: 1,
    default: 0, integer: true, source: 'assumption',
  },
  confidence: {
    doc: 'Confidence of the value at risk, in whole millionths', unit: 'fraction', min: 0.5,
    max: 0.999999, default: 0.99, source: 'practice: 99 %, as in Basel II',
  },
  confidenceShortfall: {
    doc: 'Confidence of the expected shortfall, in whole millionths', unit: 'fraction', min: 0.5,
    max: 0.999999, default: 0.975, source: 'Basel Committee 2019, MAR33: 97.5 %',
  },
  limit: {
    doc: 'Largest risk of one bar, part of equity', unit: 'fraction', min: 1e-9, max: 10,
    default: 0.05, source: 'assumption',
  },
  safety: {
    doc: 'Part of the limit that a cut leaves', unit: 'fraction', min: 0, max: 1, default: 0.95,
    source: 'assumption',
  },
  hysteresis: {
    doc: 'Part of the limit below which exposure is restored, and up to which', unit: 'fraction',
    min: 0, max: 1, default: 0.8, source: 'assumption',
  },
  restoreRate: {
    doc: 'Part of the leverage held that is restored in one bar, at most', unit: 'fraction', min: 0,
    max: 1, default: 0.1, source: 'assumption',
  },
} satisfies Record<string, ParameterSpec>;

/** Its state. */
export const riskLimitState = {
  valueAtRisk: {
    doc: 'Value at risk of one bar per unit of exposure', unit: 'fraction', initial: 0,
  },
  expectedShortfall: {
    doc: 'Expected shortfall of one bar per unit of exposure', unit: 'fraction', initial: 0,
  },
  scale: { doc: 'Part of the exposure that the last decision left', unit: 'fraction', initial: 1 },
  breached: { doc: '1 from a breach until exposure may be restored', unit: '1', initial: 0 },
};

/** Offsets the limit needs. */
export type RiskLimitOffsets = Readonly<
  Record<keyof typeof riskLimitParams | keyof typeof riskLimitState, number>
>;

/**
 * Sets the target of agent `i` from the risk in its state: with the risk of what it holds above
 * limit x equity, the exposure is cut to `safety` of what the limit allows, forced and reduce-only;
 * below `hysteresis` of it, the exposure grows by `restoreRate` of the leverage held towards that
 * leverage, never beyond where it would have to stop; in between, it is held.
 */
export function keepRiskLimit(
  batch: DecisionBatch,
  i: number,
  at: RiskLimitOffsets,
  held: number,
): void {
  const { rows, equity, target, urgency } = batch;
  const r = batch.row[i];
  const shortfall = rows[r + at.expectedShortfall];
  const risk = Math.max(rows[r + at.measure] > 0 ? shortfall : rows[r + at.valueAtRisk], 0);
  const allowed = (rows[r + at.limit] * equity[i]) / risk;
  const size = Math.abs(held);
  rows[r + at.scale] = 1;
  if (size > allowed) {
    const kept = allowed * rows[r + at.safety];
    rows[r + at.scale] = kept / size;
    rows[r + at.breached] = 1;
    target[i] = held > 0 ? kept : -kept;
    urgency[i] = Urgency.forced | Urgency.reduceOnly;
    return;
  }
  const room = allowed * rows[r + at.hysteresis];
  if (!(size < room)) return;
  rows[r + at.breached] = 0;
  const base = rows[r + at.leverage] * rows[r + at.direction] * equity[i];
  const side = base < 0 ? -1 : 1;
  const wanted = Math.min(side * base, room);
  const next = Math.min(side * held + rows[r + at.restoreRate] * side * base, wanted);
  if (next > side * held) target[i] = side * next;
}

/**
 * Returns the one-sided gains of a risk limit whose measure at the next bar, should the price stay,
 * is `risk` per unit of exposure; NaN on the side where it jumps.
 */
export function riskLimitGain(
  state: GainState<keyof typeof riskLimitParams>,
  risk: number,
): Gain {
  const { equity, exposure, of } = state;
  const allowed = of('limit') / risk;
  const size = Math.abs(exposure);
  const cut = Math.sign(exposure) * allowed * of('safety') * exposure - exposure;
  const room = of('hysteresis') * allowed * equity;
  const base = of('leverage') * of('direction');
  const side = base < 0 ? -1 : 1;
  const held = side * exposure;
  const binds = reaches(size, allowed * equity, equity);
  if (binds && !reaches(allowed * equity, size, equity)) return { down: cut, up: cut };
  // On the edge of a jump, rounding decides.
  const turns = held < 0 && reaches(size, room, equity) && reaches(room, size, equity);
  if (turns || (binds && of('safety') < 1)) return { down: NaN, up: NaN };
  // A cut is asked for on the side where the size outgrows its limit.
  let down = binds && size < allowed * exposure ? cut : 0;
  let up = binds && size > allowed * exposure ? cut : 0;
  if (!reaches(room, size, equity)) return { down, up };
  const sloped = (leverage: number, from: number) => {
    const slope = from + leverage * exposure;
    return { wanted: from + leverage * equity, down: slope, up: slope };
  };
  const whole = lesser(sloped(side * base, 0), sloped(of('hysteresis') * allowed, 0), equity);
  const step = of('restoreRate') * side * base;
  const next = lesser(sloped(step, held), whole, equity);
  if (!reaches(next.wanted, held, equity)) return { down, up };
  const moves = { down: side * next.down, up: side * next.up };
  const restored = cappedGain(state, side * next.wanted, moves);
  const grows = !reaches(held, next.wanted, equity);
  // Where it is restored already, it only grows from here.
  if (grows || side * restored.down < 0) down = restored.down;
  if (grows || side * restored.up > 0) up = restored.up;
  return { down, up };
}
