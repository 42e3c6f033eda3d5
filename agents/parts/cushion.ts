/** Portfolio insurance: a multiple of what lies above a floor, and nothing once that is gone. */
import { exp } from '../../sim/kernel/index.js';
import {
  AgentField, type DecisionBatch, type Gain, type GainState, type ParameterSpec, Urgency,
} from '../../sim/strategy/index.js';
import { cappedGain, lesser } from './capped-gain.js';
import { daysPerYearParam, riskFreeParam } from './common-params.js';
import { heldExposure } from './held-exposure.js';
import { standsDown } from './ruin.js';
import { barDays } from './variance.js';

/** Parameters of an insured portfolio. */
export const cushionParams = {
  multiplier: {
    doc: 'Exposure per unit of cushion', unit: 'leverage', min: 0, max: 1000, default: 4,
    source: 'Black & Perold 1992; practice: 3 to 5',
  },
  floorShare: {
    doc: 'Floor at the start, part of the equity then', unit: 'fraction', min: 0, max: 1,
    default: 0.8, source: 'practice: 80 % insured',
  },
  leverageCap: {
    doc: 'Largest exposure per unit of equity', unit: 'leverage', min: 0, max: 1e9, default: 1.5,
    source: 'assumption',
  },
  tolerance: {
    doc: 'Drift of the exposure from its target that is let be, part of the target; above 0 it ' +
      "stands in for the wrapper's band",
    unit: 'fraction', min: 0, max: 10, default: 0, source: 'assumption',
  },
  riskFree: riskFreeParam,
  daysPerYear: daysPerYearParam,
} satisfies Record<string, ParameterSpec>;

/** Its state. */
export const cushionState = {
  floor: { doc: 'Floor of the equity', unit: 'quote', initial: 0 },
  cushion: { doc: 'Equity above the floor at the last decision', unit: 'quote', initial: 0 },
  locked: { doc: '1 for good once there is no cushion', unit: '1', initial: 0 },
  bars: { doc: 'Decisions taken', unit: 'bars', initial: 0 },
  growthBar: { doc: 'What the floor is multiplied by in one bar', unit: '1', initial: 1 },
};

/** Offsets an insured portfolio needs. */
export type CushionOffsets = Readonly<
  Record<keyof typeof cushionParams | keyof typeof cushionState, number>
>;

/** Sets every agent's floor and its growth. */
export function startCushion(batch: DecisionBatch, at: CushionOffsets): void {
  const { count, rows, row } = batch;
  for (let i = 0; i < count; i++) {
    const r = row[i];
    rows[r + at.floor] = rows[r + at.floorShare] * rows[r + AgentField.initialEquityQuote];
    rows[r + at.growthBar] =
      exp((rows[r + at.riskFree] * barDays(batch, i)) / rows[r + at.daysPerYear]);
  }
}

/** Lets the floor of the row at `r` grow by a bar, from the second decision on. */
export function growFloor(rows: Float64Array, r: number, at: CushionOffsets): void {
  if (rows[r + at.bars] > 0) rows[r + at.floor] *= rows[r + at.growthBar];
  rows[r + at.bars] += 1;
}

/**
 * Sets target and timer of agent `i` from the floor in its state: min(multiplier x cushion, cap x
 * equity), or nothing for good once the cushion is gone.
 */
export function investCushion(batch: DecisionBatch, i: number, at: CushionOffsets): void {
  const { rows, equity, target, urgency, wakeAt } = batch;
  const r = batch.row[i];
  const cushion = equity[i] - rows[r + at.floor];
  const next = batch.time[i] + rows[r + AgentField.periodMicros];
  rows[r + at.cushion] = cushion;
  // Before anything else: an account that is ruined is locked too.
  if (!(cushion > 0)) rows[r + at.locked] = 1;
  const usual = rows[r + AgentField.status] === 0 && equity[i] > 0;
  if (!usual && standsDown(batch, i)) return;
  if (rows[r + at.locked] > 0) {
    target[i] = 0;
    urgency[i] = Urgency.forced | Urgency.reduceOnly;
    // Its clock asks again until the last lot is gone.
    const lots = Math.abs(rows[r + AgentField.position]) + Math.abs(rows[r + AgentField.pending]);
    wakeAt[i] = lots > 0 ? next : Infinity;
    return;
  }
  const cap = rows[r + at.leverageCap] * equity[i];
  const wanted = Math.min(rows[r + at.multiplier] * cushion, cap);
  const held = heldExposure(batch, i);
  const tolerance = rows[r + at.tolerance];
  if (Math.abs(held - wanted) > tolerance * wanted) {
    target[i] = wanted;
    if (tolerance > 0) urgency[i] = Urgency.forced;
  }
  wakeAt[i] = next;
}

type CushionState = GainState<keyof typeof cushionParams | keyof typeof cushionState>;

/**
 * Returns the one-sided gains of an insured portfolio whose floor at the next bar, should the price
 * stay, is `floor`, and then rises by `ratchet` per unit of equity gained.
 */
export function cushionGain(state: CushionState, floor: number, ratchet: number): Gain {
  const { equity, exposure, of } = state;
  const cap = of('leverageCap');
  const multiplier = of('multiplier');
  const cushion = equity - floor;
  // Locked, or at the next bar: then it sells what it holds.
  if (of('locked') > 0 || !(cushion > 0)) return { down: -exposure, up: -exposure };
  const slope = multiplier * exposure;
  const free = { wanted: multiplier * cushion, down: slope, up: slope * (1 - ratchet) };
  const most = { wanted: cap * equity, down: cap * exposure, up: cap * exposure };
  const target = lesser(free, most, equity);
  const tolerance = of('tolerance') * target.wanted;
  if (tolerance > 0 && Math.abs(exposure - target.wanted) < tolerance) return { down: 0, up: 0 };
  return cappedGain(state, target.wanted, target);
}
