/** `stampede probe`: one rule on a path of prices, without a market. */
import { UserError } from '../../sim/kernel/index.js';
import {
  type ProbeOptions,
  probeOutcomes,
  probePath,
  readSettings,
  settingNames,
  wrapperSettings,
} from '../../sim/probe/index.js';
import { REFERENCE_PATH, type Strategy } from '../../sim/strategy/index.js';
import { DURATION_PATTERN, didYouMean, durationMicros } from '../model/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import * as options from './options.js';
import { readPriceList } from './price-list.js';
import { type ProbeResult, probeText } from './probe-text.js';
import { strategyOf } from './strategy-argument.js';
import { printOut } from './terminal.js';
import { parseNumber, readFlag, readInteger, readList, readNumber, readText } from './values.js';

/** Outcomes a probe takes, at most. */
const OUTCOMES_MAX = 100_000;

/** The command. */
export const probeCommand: CommandSpec = {
  name: 'probe',
  doc: 'Run one trading rule on a path of prices, without a market',
  positionals: [{ name: 'strategy', doc: 'A name from "stampede strategies"', required: true }],
  options: [
    options.prices,
    options.indexPrices,
    options.outcomes,
    options.setParameter,
    options.equity,
    options.position,
    options.entry,
    options.lot,
    options.gain,
    { ...options.seed, group: 'Probe' },
    options.json,
  ],
  examples: [
    ['probe volatility-target', 'the reference path'],
    ['probe value --prices 100,95,101 --gain', 'your prices, and gains'],
    ['probe momentum --prices closes.csv --set weight=0.2', 'prices of a file'],
    ['probe anti-martingale --outcomes 1,1,0', 'a rule that bets'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const strategy = await strategyOf(String(args.strategy));
  const result = probe(strategy, args);
  printOut(readFlag(args, 'json') ? JSON.stringify(result) : probeText(strategy, result));
  return ExitCode.ok;
}

function probe(strategy: Strategy, args: Record<string, unknown>): ProbeResult {
  const start = startOf(strategy, args);
  const params = Object.fromEntries(
    strategy.paramNames.map((name) => [
      name,
      start.params?.[name] ?? strategy.params[name].default,
    ]),
  );
  const outcomes = readText(args, 'outcomes');
  if (outcomes !== undefined) {
    for (const name of ['prices', 'index', 'gain']) {
      if (args[name] === undefined || args[name] === false) continue;
      const why = 'the outcomes make the prices';
      throw new UserError('probe/outcomes', `--outcomes and --${name} exclude each other: ${why}`);
    }
    const [startPrice] = REFERENCE_PATH;
    const bets = { ...start, startPrice, priceMax: startPrice };
    return { strategy: strategy.name, params, ...probeOutcomes(bets, readOutcomes(outcomes)) };
  }
  const prices = readText(args, 'prices');
  const index = readText(args, 'index');
  const steps = probePath(
    start,
    prices === undefined ? REFERENCE_PATH : readPriceList('--prices', prices),
    {
      index: index === undefined ? undefined : readPriceList('--index', index),
      gain: readFlag(args, 'gain'),
    },
  );
  return { strategy: strategy.name, params, steps };
}

/** Reads what the account and the rule start from. */
function startOf(
  strategy: Strategy,
  args: Record<string, unknown>,
): Omit<ProbeOptions, 'startPrice' | 'priceMax'> {
  const seed = readInteger(args, 'seed', { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 });
  const settings = readSettings(strategy, readAssignments(strategy, args));
  const given = {
    equity: readNumber(args, 'equity'),
    position: readNumber(args, 'position'),
    entry: readNumber(args, 'entry'),
    lot: readNumber(args, 'lot'),
  };
  if (given.lot !== undefined && !(given.lot >= 0)) {
    throw new UserError('usage/value', `--lot was ${given.lot}, must be at least 0`);
  }
  if (given.entry !== undefined && (given.position ?? 0) === 0) {
    throw new UserError('usage/value', `--entry was ${given.entry}, needs a --position to be of`);
  }
  const told = Object.entries(given).filter(([, value]) => value !== undefined);
  return { strategy, seed, ...settings, ...Object.fromEntries(told) };
}

/** Reads `--set name=value`, the last of a name counts. @throws UserError `probe/setting` */
function readAssignments(strategy: Strategy, args: Record<string, unknown>): Record<string, number> {
  const read: Record<string, number> = {};
  // Lots have an option of their own.
  const names = settingNames(strategy).filter((name) => name in strategy.params || name !== 'lot');
  for (const setting of readList(args, 'set')) {
    const equals = setting.indexOf('=');
    if (equals < 1) {
      const must = `must be name=value such as ${names[0]}=1`;
      throw new UserError('probe/setting', `--set was "${setting}", ${must}`);
    }
    const name = setting.slice(0, equals);
    const text = setting.slice(equals + 1).trim();
    if (!names.includes(name)) {
      const must = `must be one of ${names.join(', ')}${didYouMean(name, names)}`;
      throw new UserError('probe/setting', `--set ${setting}: name was "${name}", ${must}`);
    }
    const { unit } = Object.hasOwn(strategy.params, name) ? strategy.params[name] : wrapperSettings[name];
    const isTime = unit === 'microseconds';
    const value = isTime && DURATION_PATTERN.test(text) ? durationMicros(text) : parseNumber(text);
    if (!Number.isFinite(value)) {
      const must = isTime ? 'must be a duration such as 1d or 5m' : 'must be a number';
      throw new UserError('probe/setting', `--set ${setting}: value was "${text}", ${must}`);
    }
    read[name] = value;
  }
  return read;
}

/** Reads `1,1,0` or `110`. @throws UserError `probe/outcomes` */
function readOutcomes(text: string): number[] {
  const outcomes = text.replaceAll(/[\s,]/g, '');
  if (!/^[01]+$/.test(outcomes) || !/^\s*[01](\s*,?\s*[01])*\s*$/.test(text)) {
    const must = 'must be a list of 1 (won) and 0 (lost) such as 1,1,0';
    throw new UserError('probe/outcomes', `--outcomes was "${text}", ${must}`);
  }
  if (outcomes.length > OUTCOMES_MAX) {
    const must = `must be at most ${OUTCOMES_MAX}`;
    throw new UserError('probe/outcomes', `there were ${outcomes.length} outcomes, ${must}`);
  }
  return [...outcomes].map(Number);
}
