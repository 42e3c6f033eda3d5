/** The life of a trade: waits, enters, holds a position it measures from its entry, starts over. */
import {
  AgentField,
  type DecisionBatch,
  MarketField,
  type ParameterSpec,
  type StateSpec,
  Urgency,
  WakeReason,
} from '../../sim/strategy/index.js';

/** How a rule that guards a position enters one by itself. */
export const entryParams = {
  leverage: {
    doc: 'Leverage of its own entry, when it starts without a position', unit: 'leverage', min: 0,
    max: 150, default: 3, source: 'assumption',
  },
  direction: {
    doc: 'Side of its own entry: 1 long, -1 short', unit: '1', min: -1, max: 1, default: 1,
    source: 'assumption',
  },
  entryMicros: {
    doc: 'Time of its own entry',
    unit: 'microseconds', min: 0, max: 1e15, default: 0, source: 'assumption',
  },
  reentryMicros: {
    doc: 'Pause between a closed position and the next entry; 0 for none',
    unit: 'microseconds', min: 0,
    max: 1e15, default: 0, source: 'assumption',
  },
} satisfies Record<string, ParameterSpec>;

/** Offsets of the cycle's state from its first variable, `phase`. */
export const Cycle = {
  phase: 0,
  nextMicros: 1,
  side: 2,
  entryTicks: 3,
  initialLots: 4,
  left: 5,
} as const;

/** The state a strategy with a trade cycle declares, contiguous and in the order of `Cycle`. */
export const cycleState = {
  phase: { doc: '0 waiting, 1 entry sent, 2 holding', unit: '1', initial: 0 },
  nextMicros: { doc: 'Time from which it may enter', unit: 'microseconds', initial: 0 },
  side: { doc: 'Side of the position', unit: '1', initial: 0 },
  entryTicks: { doc: 'Average entry of the initial position', unit: 'ticks', initial: 0 },
  initialLots: { doc: 'Initial size', unit: 'lots', initial: 0 },
  left: { doc: 'Part of the initial size it wants to keep', unit: 'fraction', initial: 1 },
} satisfies Record<string, StateSpec>;

/** Life of a trade. */
export const CyclePhase = { waiting: 0, asked: 1, holding: 2 } as const;

/** What an agent may do at a wake. */
export const CycleStep = {
  /** Nothing: it waits, or its entry has not been reported. */
  idle: 0,
  /** Enter: it then sets the side, and the phase to `asked`. */
  enter: 1,
  /** It has just learnt of its position: side, entry and initial size are set. */
  opened: 2,
  /** It holds its position. */
  holds: 3,
  /** The position is gone, or never came: it waits from now on. */
  over: 4,
} as const;

/** Position below which nothing is left, fraction of the initial one. */
const LEFT_MIN = 1e-9;

/** Sets the first wake: the phase of the clock with a position to guard, else the time of entry. */
export function startCycle(batch: DecisionBatch, cycle: number, entryMicros: number): void {
  const { count, rows, row, wakeAt } = batch;
  for (let i = 0; i < count; i++) {
    const r = row[i];
    const guards = rows[r + AgentField.position] !== 0;
    rows[r + cycle + Cycle.nextMicros] = rows[r + entryMicros];
    wakeAt[i] = guards ? rows[r + AgentField.phaseMicros] : rows[r + entryMicros];
  }
}

/**
 * Returns which `CycleStep` agent `i` is at; `c` is the offset of its cycle in the rows, `pause`
 * that of the pause after a trade. Entries begin at a tick of the clock.
 */
export function cycleStep(batch: DecisionBatch, i: number, c: number, pause: number): number {
  const { rows } = batch;
  const r = batch.row[i];
  const position = rows[r + AgentField.position];
  const phase = rows[c + Cycle.phase];
  // With an order on its way the position is about to change.
  if (rows[r + AgentField.pending] !== 0) {
    return phase === CyclePhase.holding ? CycleStep.holds : CycleStep.idle;
  }
  if (position !== 0) {
    if (phase === CyclePhase.holding) return CycleStep.holds;
    rows[c + Cycle.phase] = CyclePhase.holding;
    rows[c + Cycle.side] = Math.sign(position);
    rows[c + Cycle.entryTicks] = entryTicks(batch, i);
    rows[c + Cycle.initialLots] = Math.abs(position);
    rows[c + Cycle.left] = 1;
    return CycleStep.opened;
  }
  const timer = (batch.reason[i] & WakeReason.timer) !== 0;
  if (phase === CyclePhase.waiting) {
    return timer && batch.time[i] >= rows[c + Cycle.nextMicros] ? CycleStep.enter : CycleStep.idle;
  }
  // An entry that its clock finds neither pending nor filled was refused.
  if (phase === CyclePhase.asked && !timer) return CycleStep.idle;
  rows[c + Cycle.phase] = CyclePhase.waiting;
  rows[c + Cycle.nextMicros] = batch.time[i] + rows[pause];
  return CycleStep.over;
}

/** Returns the average entry of agent `i`'s position as reported, ticks; the mark if unknown. */
export function entryTicks(batch: DecisionBatch, i: number): number {
  const { rows } = batch;
  const { multiplier, inverse } = batch.economics;
  const r = batch.row[i];
  const value = rows[r + AgentField.position] * multiplier;
  const cost = rows[r + AgentField.cost];
  const entry = inverse ? -value / cost : cost / value;
  return entry > 0 && entry < Infinity ? entry : batch.market[batch.marketAt[i] + MarketField.mark];
}

/** Asks, by force, to reduce agent `i`'s position to the part `left` of its cycle; never adds. */
export function keepLeft(batch: DecisionBatch, i: number, c: number): void {
  const { rows } = batch;
  const r = batch.row[i];
  const kept = rows[c + Cycle.initialLots] * rows[c + Cycle.left];
  const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
  const d = rows[c + Cycle.side];
  if (!(d * held > kept * (1 + LEFT_MIN))) return;
  const mark = batch.market[batch.marketAt[i] + MarketField.mark];
  batch.target[i] = batch.economics.exposureQuote(d * kept, mark);
  batch.urgency[i] = Urgency.forced | Urgency.reduceOnly;
}
