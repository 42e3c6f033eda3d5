/** Options of `compare`. */
import type { OptionSpec } from './command.js';

export const seeds: OptionSpec = {
  name: 'seeds',
  doc: 'Pairs of runs, from --seed on, 2 to 1000000',
  group: 'Run',
  kind: 'value',
  value: 'n',
  fallback: '30',
};

export const firstSeed: OptionSpec = {
  name: 'seed',
  doc: 'First seed, 0 to 2^53-1; also that of the runs whose events are told',
  group: 'Run',
  kind: 'value',
  value: 'n',
  fallback: '0',
};

export const settingOfA: OptionSpec = {
  name: 'a',
  doc: 'Change a value of A alone; repeatable',
  group: 'Run',
  kind: 'list',
  value: 'path=value',
};

export const settingOfB: OptionSpec = {
  name: 'b',
  doc: 'Change a value of B alone; repeatable',
  group: 'Run',
  kind: 'list',
  value: 'path=value',
};

export const withSetting: OptionSpec = {
  name: 'with',
  doc: 'The same as --b: how B differs; repeatable',
  group: 'Run',
  kind: 'list',
  value: 'path=value',
};

export const metric: OptionSpec = {
  name: 'metric',
  doc: 'Figure to compare, or several with commas; repeatable',
  group: 'Run',
  kind: 'list',
  value: 'name',
  fallback: 'a handful',
};

export const allMetrics: OptionSpec = {
  name: 'all',
  doc: 'Compare every figure of a run',
  group: 'Run',
  kind: 'flag',
};

export const confidence: OptionSpec = {
  name: 'confidence',
  doc: 'Confidence of the intervals, 0.5 to 0.9999',
  group: 'Run',
  kind: 'value',
  value: 'p',
  fallback: '0.95',
};
