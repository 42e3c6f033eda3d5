/** Every option, once: flags, help and completion come from here. */
import type { OptionSpec } from './command.js';

/** Default port of the replay server. */
export const DEFAULT_PORT = 4870;

export const seed: OptionSpec = {
  name: 'seed',
  doc: 'Seed of all randomness, 0 to 2^53-1',
  group: 'Run',
  kind: 'value',
  value: 'n',
  fallback: '0',
};

export const threads: OptionSpec = {
  name: 'threads',
  doc: 'Threads to run on; the result does not depend on it',
  group: 'Run',
  kind: 'value',
  value: 'n',
  fallback: 'the cores of this machine',
};

export const set: OptionSpec = {
  name: 'set',
  doc: 'Change a value of the scenario, e.g. dials.leverage=0.5; repeatable',
  group: 'Run',
  kind: 'list',
  value: 'path=value',
};

export const index: OptionSpec = {
  name: 'index',
  doc: 'Real prices in place of the scenario index: OHLCV, kline or candle rows, .csv or .csv.gz',
  group: 'Run',
  kind: 'value',
  value: 'file',
};

export const strategy: OptionSpec = {
  name: 'strategy',
  doc: 'Load a strategy of your own, which cohorts may then name; repeatable',
  group: 'Run',
  kind: 'list',
  value: 'file',
};

export const strategyTimeout: OptionSpec = {
  name: 'strategy-timeout',
  doc: 'Longest time one decision of a strategy of your own may take, 100ms to 1h',
  group: 'Run',
  kind: 'value',
  value: 'duration',
  fallback: '5s',
};

export const check: OptionSpec = {
  name: 'check',
  doc: 'Verify every invariant after each window (slow)',
  group: 'Run',
  kind: 'flag',
};

export const out: OptionSpec = {
  name: 'out',
  doc: 'Folder of the run; it must not exist',
  group: 'Output',
  kind: 'value',
  value: 'dir',
  fallback: 'runs/<scenario>-<seed>-<digest>',
};

export const scaffoldOut: OptionSpec = {
  name: 'out',
  doc: 'new: folder to write; it must not exist',
  group: 'Output',
  kind: 'value',
  value: 'dir',
  fallback: '<name>',
};

export const json: OptionSpec = {
  name: 'json',
  doc: 'Print one JSON object, raw numbers with the unit in the key',
  group: 'Output',
  kind: 'flag',
};

export const quiet: OptionSpec = {
  name: 'quiet',
  doc: 'No progress on stderr',
  group: 'Output',
  kind: 'flag',
};

export const serve: OptionSpec = {
  name: 'serve',
  doc: 'Serve the replay when the run is done, until Ctrl-C',
  group: 'Server',
  kind: 'flag',
};

export const port: OptionSpec = {
  name: 'port',
  doc: 'Port of the replay server; 0 takes any free one',
  group: 'Server',
  kind: 'value',
  value: 'n',
  fallback: `${DEFAULT_PORT}, or any free one when it is taken`,
};

export const host: OptionSpec = {
  name: 'host',
  doc: 'Address the replay server listens on',
  group: 'Server',
  kind: 'value',
  value: 'address',
  fallback: '127.0.0.1',
};

export const color: OptionSpec = {
  name: 'color',
  doc: 'Colour on a terminal; --no-color or NO_COLOR turns it off',
  group: 'General',
  kind: 'flag',
  fallback: 'on',
};

/** Options of every command. */
export const general: readonly OptionSpec[] = [color];
