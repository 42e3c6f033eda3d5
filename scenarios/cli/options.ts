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

export const withoutCauses: OptionSpec = {
  name: 'without-causes',
  doc: 'Keep no causal ledger: "why" cannot tell who pushed whom; same hash, a little faster',
  group: 'Run',
  kind: 'flag',
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

export const replicates: OptionSpec = {
  name: 'replicates',
  doc: 'Run a flat book on so many seeds, from --seed on, and compare with its law; folders only with --out',
  group: 'Run',
  kind: 'value',
  value: 'n',
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

/** Prices a probe shows. */
export const prices: OptionSpec = {
  name: 'prices',
  doc: 'Prices 100,101,... or a file: one a line, or CSV with a "close" or "price" column',
  group: 'Probe',
  kind: 'value',
  value: 'list|file',
  fallback: 'the reference path of ten prices',
};

export const indexPrices: OptionSpec = {
  name: 'index',
  doc: 'Index prices, as --prices, for rules that look at the index',
  group: 'Probe',
  kind: 'value',
  value: 'list|file',
  fallback: 'the prices',
};

export const outcomes: OptionSpec = {
  name: 'outcomes',
  doc: 'Outcomes of bets in place of prices, for rules that bet: 1 won, 0 lost, e.g. 1,1,0',
  group: 'Probe',
  kind: 'value',
  value: 'list',
};

export const setParameter: OptionSpec = {
  name: 'set',
  doc: 'Change a parameter, or leverageMax, band, period (e.g. 1h), crowding; repeatable',
  group: 'Probe',
  kind: 'list',
  value: 'name=value',
};

export const equity: OptionSpec = {
  name: 'equity',
  doc: 'Equity at the first price, quote units',
  group: 'Probe',
  kind: 'value',
  value: 'quote',
  fallback: '100000',
};

export const position: OptionSpec = {
  name: 'position',
  doc: 'Position held at the start, units; short when negative',
  group: 'Probe',
  kind: 'value',
  value: 'units',
  fallback: '0',
};

export const entry: OptionSpec = {
  name: 'entry',
  doc: 'Entry price of that position, quote units',
  group: 'Probe',
  kind: 'value',
  value: 'price',
  fallback: 'the first price',
};

export const lot: OptionSpec = {
  name: 'lot',
  doc: 'Lot that targets are rounded to, toward zero, units; 0 leaves fractions',
  group: 'Probe',
  kind: 'value',
  value: 'units',
  fallback: '0',
};

export const gain: OptionSpec = {
  name: 'gain',
  doc: 'Measure the feedback gain after each step: quote traded per unit of return',
  group: 'Probe',
  kind: 'flag',
};

export const liquidation: OptionSpec = {
  name: 'liquidation',
  doc: 'Take a liquidation away, by its number in the run',
  group: 'Cause',
  kind: 'value',
  value: 'number',
  fallback: 'the one that the largest cascade begins with',
};

export const cohort: OptionSpec = {
  name: 'cohort',
  doc: 'Take a cohort away: its orders, and its forced sales, do not reach the market',
  group: 'Cause',
  kind: 'value',
  value: 'name',
};

export const mechanism: OptionSpec = {
  name: 'mechanism',
  doc: 'Take a mechanism away: liquidations, stops (orders at the venue), funding, deleveraging or bands',
  group: 'Cause',
  kind: 'value',
  value: 'name',
};

export const fault: OptionSpec = {
  name: 'fault',
  doc: 'Take a fault of the scenario away, 1 for the first',
  group: 'Cause',
  kind: 'value',
  value: 'number',
};

export const suppression: OptionSpec = {
  name: 'mode',
  doc: 'What becomes of a liquidation taken away: warehouse (never traded), recapitalise, defer (an hour, then 10 % of volume)',
  group: 'Branch',
  kind: 'value',
  value: 'mode',
  fallback: 'warehouse',
};

export const continuations: OptionSpec = {
  name: 'continuations',
  doc: 'Futures that share the past, each with and without the cause, 0 to 10000; 0 for what happened alone',
  group: 'Branch',
  kind: 'value',
  value: 'n',
  fallback: '20',
};

export const withCounterfactual: OptionSpec = {
  name: 'counterfactual',
  doc: 'Simulate again without it (its position warehoused) and compare',
  group: 'Branch',
  kind: 'flag',
};

export const shapley: OptionSpec = {
  name: 'shapley',
  doc: 'Divide the outcomes over the cohorts whose forced sales reached the market (Shapley values)',
  group: 'Branch',
  kind: 'flag',
};

export const branchAt: OptionSpec = {
  name: 'at',
  doc: 'Simulated time to branch at, e.g. 26h15m',
  group: 'Branch',
  kind: 'value',
  value: 'duration',
  fallback: 'that of the liquidation, else the start',
};

export const horizon: OptionSpec = {
  name: 'horizon',
  doc: 'How long branches run, e.g. 10m',
  group: 'Branch',
  kind: 'value',
  value: 'duration',
  fallback: '1h after a liquidation, else to the end',
};

export const measuredRun: OptionSpec = {
  name: 'run',
  doc: 'Measure a stored run: its folder',
  group: 'Run',
  kind: 'value',
  value: 'folder',
};

export const levelMetric: OptionSpec = {
  name: 'metric',
  doc: 'What the event is counted in: liquidations.count or liquidations.notionalQuote',
  group: 'Event',
  kind: 'value',
  value: 'name',
  fallback: 'liquidations.count',
};

export const atLeast: OptionSpec = {
  name: 'at-least',
  doc: 'The event: the metric reaches this by the end of the run; required',
  group: 'Event',
  kind: 'value',
  value: 'threshold',
};

export const particles: OptionSpec = {
  name: 'particles',
  doc: 'Worlds run from one level to the next, 2 to 100000',
  group: 'Event',
  kind: 'value',
  value: 'n',
  fallback: '64',
};

export const replications: OptionSpec = {
  name: 'replications',
  doc: 'Independent repetitions of the estimator, which the interval comes from, 2 to 10000',
  group: 'Event',
  kind: 'value',
  value: 'n',
  fallback: '20',
};

export const withoutCrude: OptionSpec = {
  name: 'without-crude',
  doc: 'Do not also count in independent runs for the same work, which takes half the time',
  group: 'Event',
  kind: 'flag',
};

/** Options of every command. */
export const general: readonly OptionSpec[] = [color];
