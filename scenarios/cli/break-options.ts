/** Options of `break`. */
import type { OptionSpec } from './command.js';

/** Runs made at most, unless said otherwise. */
export const BREAK_BUDGET = 5000;

export const dial: OptionSpec = {
  name: 'dial',
  doc: 'What to turn: a dial (shock, leverage, depth, crowding, traders), or the path of any number',
  group: 'Verdict',
  kind: 'value',
  value: 'name|path',
};

export const assert: OptionSpec = {
  name: 'assert',
  doc: 'What every run must hold, e.g. "badDebtQuote <= 0", in place of the assertions of the scenario; repeatable',
  group: 'Verdict',
  kind: 'list',
  value: 'assertion',
};

export const alpha: OptionSpec = {
  name: 'alpha',
  doc: 'Probability of a violation from which the scenario counts as broken, 0.001 to 0.999',
  group: 'Verdict',
  kind: 'value',
  value: 'p',
  fallback: '0.05',
};

export const from: OptionSpec = {
  name: 'from',
  doc: 'Least value to look at',
  group: 'Verdict',
  kind: 'value',
  value: 'number',
  fallback: 'a quarter of the value now, and lower while all breaks',
};

export const to: OptionSpec = {
  name: 'to',
  doc: 'Largest value to look at',
  group: 'Verdict',
  kind: 'value',
  value: 'number',
  fallback: 'four times the value now, and higher while nothing breaks',
};

export const confidence: OptionSpec = {
  name: 'confidence',
  doc: 'Confidence of the interval, 0.5 to 0.9999',
  group: 'Verdict',
  kind: 'value',
  value: 'fraction',
  fallback: '0.95',
};

export const precision: OptionSpec = {
  name: 'precision',
  doc: 'Width of the interval over the value, at most, 0.001 to 1',
  group: 'Verdict',
  kind: 'value',
  value: 'fraction',
  fallback: '0.05',
};

export const budget: OptionSpec = {
  name: 'budget',
  doc: 'Most runs of the search',
  group: 'Verdict',
  kind: 'value',
  value: 'n',
  fallback: String(BREAK_BUDGET),
};

export const shrink: OptionSpec = {
  name: 'shrink',
  doc: 'Leave out of the breaking scenario what it does not need; --no-shrink keeps all',
  group: 'Output',
  kind: 'flag',
  fallback: 'on',
};

export const out: OptionSpec = {
  name: 'out',
  doc: 'File of the breaking scenario; it must not exist',
  group: 'Output',
  kind: 'value',
  value: 'file',
  fallback: '<scenario>-broken.yaml',
};
