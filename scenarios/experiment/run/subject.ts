/** What is run many times: a scenario, or a function whose answer is known. */
import { createHash } from 'node:crypto';
import type { PriceBars } from '../../../sim/oracle/index.js';
import type { ScenarioInput } from '../../model/index.js';
import type { RunTable, StrategyCode } from '../../runtime/index.js';

/** A scenario with what it needs beside its file. Structured-cloneable. */
export interface ScenarioSubject {
  kind: 'scenario';
  /** As written: settings are applied before defaults. */
  scenario: ScenarioInput;
  bars?: PriceBars | undefined;
  indexDigest?: string | undefined;
  strategies?: readonly StrategyCode[] | undefined;
  /**
   * `counts only`: runs of a flat book come to the number of their liquidations, thousands a
   * second, and every other figure is undefined.
   */
  measured?: 'counts only' | undefined;
}

/** A function of numbers: checks designs and estimators end to end, as a scenario would be run. */
export interface FunctionSubject {
  kind: 'function';
  name: string;
}

export type Subject = ScenarioSubject | FunctionSubject;

/** What a setting may hold: what YAML can write. */
export type SettingValue = unknown;
/** Path to value, as `--set` takes them. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** One run: which subject, changed how, on which seed. */
export interface RunRequest {
  /** Place in the list of subjects. */
  subject: number;
  settings: Settings;
  seed: number;
  /** Number of the run in its study, where it has one. */
  index?: number;
  /** Tables to leave beside the figures. */
  tables?: readonly RunTable[];
}

/** Keys that say what a scenario is about and change nothing in it. */
const PROSE = new Set(['name', 'title', 'doc', 'statement', 'sources', 'source', 'assertions']);

/** Returns the SHA-256 of everything in a subject that its runs depend on. */
export function subjectDigest(subject: Subject): string {
  if (subject.kind === 'function') return sha256(canonicalJson(['function', subject.name]));
  const { scenario, indexDigest = null, strategies = [], measured } = subject;
  const top = Object.entries(scenario).filter(([key]) => !PROSE.has(key));
  const own = strategies.map(({ name, digest }) => [name, digest]);
  const part = measured === undefined ? [] : [measured];
  return sha256(canonicalJson(['scenario', Object.fromEntries(top), indexDigest, own, ...part]));
}

/** Returns the settings as `--set` takes them. */
export function settingTexts(settings: Settings): string[] {
  return Object.entries(settings).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
}

/** Writes plain data with the keys of mappings in order: equal data give equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** Returns the SHA-256 of text, 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
