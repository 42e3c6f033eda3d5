/** Published figures of events that a shipped scenario reproduces: `scenarios/library/history.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { packageRoot } from '../package-info.js';
import type { HistoryMeasure } from './history-recorder.js';

/** A published figure. */
export interface HistoryRange {
  id: string;
  name: string;
  /** In the unit of the measure; equal ends for a single figure that admits no other. */
  low: number;
  high: number;
  unit: 'fraction' | 'USD' | 'XBT' | 'count' | 'minutes';
  /** What of a run stands for it; null where nothing does yet. */
  measure: HistoryMeasure | null;
  /** The scenario states it, so that it is no result. */
  isInput?: boolean;
  /** What one must know to compare the two. */
  note?: string;
  sources: string[];
}

/** An event. */
export interface HistoryEvent {
  scenario: string;
  event: string;
  date: string;
  ranges: HistoryRange[];
}

/** Reads the events. */
export function readHistory(): HistoryEvent[] {
  const text = readFileSync(join(packageRoot, 'scenarios', 'library', 'history.json'), 'utf8');
  return (JSON.parse(text) as { events: HistoryEvent[] }).events;
}

/** Returns the event that a scenario reproduces. @throws UserError `validate/history` */
export function eventOf(scenario: string): HistoryEvent {
  const events = readHistory();
  const found = events.find((one) => one.scenario === scenario);
  if (found !== undefined) return found;
  const names = events.map((one) => one.scenario).join(', ');
  const must = `must be one with published figures: ${names}`;
  throw new UserError('validate/history', `--suite history: scenario was ${scenario}, ${must}`);
}
