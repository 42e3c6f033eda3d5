/** Measures the feedback gain of a rule: what it trades per unit of return, on each side of zero. */
import { AgentField, type GainState } from '../strategy/index.js';
import type { Probe } from './probe.js';

/** Measured one-sided slopes, and the closed form's where the rule declares one; quote per return. */
export interface ProbeGain {
  /** NaN where the rule jumps at r = 0: there is no slope. */
  down: number;
  up: number;
  closedDown: number | null;
  closedUp: number | null;
}

/** First step of the differences; halved at each level of the extrapolation. */
const FIRST_STEP = 1 / 4096;
const LEVELS = 5;
/** First over last step. */
const FINEST = 16;
/** The first step is divided by this where the differences do not settle: a kink lies near. */
const FINER = 64;
const TRIES = 3;
/** Slopes that differ by less than this part of the differences agree. */
const SETTLED = 1e-9;
/** Rounding of a trade, as a part of what the account is worth. */
const ROUNDING = 1e-14;

/** Returns the gain of a probe's first agent after its last step. Cost O(levels) bars. */
export function measureGain(probe: Probe, price: number): ProbeGain {
  const closed = probe.strategy.gain?.evaluate(stateOf(probe, price)) ?? null;
  const trade = (r: number) => probe.wouldTrade(price * (1 + r));
  const size = Math.max(Math.abs(probe.equityOf()), Math.abs(probe.exposureOf()));
  return {
    down: oneSidedSlope(trade, -1, size),
    up: oneSidedSlope(trade, 1, size),
    closedDown: finite(closed?.down),
    closedUp: finite(closed?.up),
  };
}

/**
 * Returns the one-sided derivative of a function of a return at 0, by Romberg extrapolation of
 * one-sided differences; NaN when they do not settle, as at a jump. `size` is the size of the numbers
 * that f is a difference of: what rounding does to it.
 */
export function oneSidedSlope(f: (r: number) => number, side: -1 | 1, size = 0): number {
  const still = f(0);
  let first = FIRST_STEP;
  for (let attempt = 1; ; attempt++, first /= FINER) {
    const differences: number[] = [];
    for (let level = 0, h = first; level < LEVELS; level++, h /= 2) {
      differences.push((f(side * h) - still) / (side * h));
    }
    const noise = (ROUNDING * size * FINEST) / first;
    const slope = extrapolated(differences);
    const scale = Math.max(...differences.map(Math.abs));
    // A smooth function gives the same with and without the largest step.
    const change = Math.abs(slope - extrapolated(differences.slice(1)));
    if (change <= SETTLED * scale + noise) return slope;
    if (attempt === TRIES) return grows(differences) ? NaN : slope;
  }
}

/** Differences across a jump double with every halving of the step. */
function grows(differences: readonly number[]): boolean {
  const [last, one, two] = [...differences].reverse();
  return !(Math.abs(last - one) < 1.5 * Math.abs(one - two));
}

function extrapolated(differences: readonly number[]): number {
  const table: number[] = [];
  for (let level = 0; level < differences.length; level++) {
    table.push(differences[level]);
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
