/** One line for what a user's strategy did wrong: who, when, what. */
import { UserError } from '../kernel/index.js';
import { describeTime } from '../trace/index.js';

/** Longest message of a user's own error that is repeated, characters. */
const MESSAGE_MAX = 200;

/** The agent that decided. */
export interface Decider {
  /** Hash of its cohort's name. */
  keyHigh: number;
  /** Its number in the cohort, from 0. */
  ordinal: number;
  timeMicros: number;
}

/** Names an agent and a moment: `agent 17 of cohort "riders" at 01:02:03.400000`. */
export function describeAgent(decider: Decider, cohorts: ReadonlyMap<number, string>): string {
  const { keyHigh, ordinal, timeMicros } = decider;
  const cohort = cohorts.get(keyHigh);
  const of = cohort === undefined ? '' : ` of cohort "${cohort}"`;
  return `agent ${ordinal}${of} at ${describeTime(timeMicros)}`;
}

/** Returns the first line of a caught value's message, cut to a readable length; anything may be thrown. */
export function firstLine(error: unknown): string {
  const line = textOf(error).split('\n')[0];
  return line.length > MESSAGE_MAX ? `${line.slice(0, MESSAGE_MAX)}...` : line;
}

function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'a value that has no text';
  }
}

/**
 * Returns the code of a refusal that a strategy's own imports raised, or ''. Its class is no help: the
 * user's file holds a copy of it.
 */
export function strategyCode(error: unknown): string {
  try {
    const code = (error as { code?: unknown } | null)?.code;
    return typeof code === 'string' && /^strategy\/[a-z-]+$/.test(code) ? code : '';
  } catch {
    return '';
  }
}

/** Makes the error. */
export function failure(code: string, strategy: string, what: string, who: string): UserError {
  return new UserError(code, `strategy "${strategy}", ${who}: ${what}`);
}
