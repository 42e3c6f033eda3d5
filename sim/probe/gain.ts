/** Measures the feedback gain of a rule: what it trades per unit of return, on each side of zero. */
import { AgentField, type GainState } from '../strategy/index.js';
import type { Probe } from './probe.js';

/** Measured one-sided slopes, and the closed form's where the rule declares one; quote per return. */
export interface ProbeGain {
  down: number;
  up: number;
  closedDown: number | null;
  closedUp: number | null;
}

/** First step of the differences; halved at each level of the extrapolation. */
const FIRST_STEP = 1 / 4096;
const LEVELS = 5;

/** Returns the gain of a probe's first agent after its last step. Cost O(levels) decisions. */
export function measureGain(probe: Probe, price: number): ProbeGain {
  const closed = probe.strategy.gain?.evaluate(stateOf(probe, price)) ?? null;
  return {
    down: slope(probe, price, -1),
    up: slope(probe, price, 1),
    closedDown: finite(closed?.down),
    closedUp: finite(closed?.up),
  };
}

/** One-sided derivative at r = 0 by Romberg extrapolation of one-sided differences. */
function slope(probe: Probe, price: number, side: number): number {
  const still = probe.wouldTrade(price);
  const table: number[] = [];
  let h = FIRST_STEP;
  for (let level = 0; level < LEVELS; level++, h /= 2) {
    const moved = price * (1 + side * h);
    // The return that was really shown, after rounding.
    const r = moved / price - 1;
    table.push((probe.wouldTrade(moved) - still) / r);
    for (let k = level - 1, power = 2; k >= 0; k--, power *= 2) {
      table[k] = table[k + 1] + (table[k + 1] - table[k]) / (power - 1);
    }
  }
  return table[0];
}

function stateOf(probe: Probe, price: number): GainState {
  return {
    equity: probe.equityOf(),
    exposure: probe.exposureOf(),
    price,
    leverageMax: probe.rows[AgentField.leverageMax],
    of: (name, k = 0) => probe.valueOf(name, 0, k),
  };
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
