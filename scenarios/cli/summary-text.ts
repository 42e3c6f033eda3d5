/** A run's result for people: at most 20 aligned lines. */
import type { RunResult } from '../runtime/index.js';
import { bytes, percent, price, short, span, whole } from './number-text.js';
import { paint } from './terminal.js';

const LABEL_COLUMNS = 18;

/** Returns the lines of a summary; `repeat` is the command that gives the same hash. */
export function summaryText(result: RunResult, repeat: string): string {
  const { price: venue, index, liquidations, autoDeleveraging, insuranceFund } = result;
  const title = `${result.scenario}, seed ${result.seed}, stampede ${result.version}`;
  const fund = result.insuranceFundSettlement;
  const cores = result.threads === 1 ? '1 thread' : `${result.threads} threads`;
  const rows: [string, string][] = [
    ['simulated', `${span(result.simulatedSeconds)} in ${span(result.wallSeconds)} on ${cores}`],
    [
      'cost',
      `${span(result.cpuSeconds)} of processor time, ${bytes(result.peakRssBytes)}, export ${span(result.exportSeconds)}`,
    ],
    ['traders', `${whole(result.traders)}, ${short(result.wakes)} wake-ups in ${short(result.windows)} windows`],
    ['activity', `${short(result.orderActions)} order actions, ${short(result.trades)} trades`],
    [
      'venue price',
      `${price(venue.startQuote)} to ${price(venue.endQuote)}, low ${price(venue.minQuote)}, ` +
        `drawdown ${percent(venue.maxDrawdownFraction)}`,
    ],
    ['index price', `low ${price(index.minQuote)}, drawdown ${percent(index.maxDrawdownFraction)}`],
    ['liquidations', liquidationText(liquidations)],
    [
      'insurance fund',
      `${short(fund.start)} to ${short(fund.end)}, low ${short(fund.min)} (settlement units); ` +
        `now ${short(insuranceFund.endQuote)} quote`,
    ],
    ['deleveraged', `${whole(autoDeleveraging.count)}, ${short(autoDeleveraging.notionalQuote)} quote`],
    ['bad debt', `${short(result.badDebtQuote)} quote`],
    ['money lost', moneyText(result.conservationErrorQuanta)],
    ['hash', paint('bold', result.hash)],
    ['run', result.out ?? 'not kept'],
    ['repeat', repeat],
  ];
  const partial = result.partial ? [paint('yellow', 'partial: interrupted before its end')] : [];
  return [paint('bold', title), ...partial, ...rows.map(([label, text]) => line(label, text))].join('\n');
}

function liquidationText(liquidations: RunResult['liquidations']): string {
  const { count, notionalQuote, largestCascade } = liquidations;
  return `${whole(count)}, ${short(notionalQuote)} quote, largest cascade ${whole(largestCascade)}`;
}

function moneyText(errorQuanta: number): string {
  if (errorQuanta === 0) return `${paint('green', '✓')} 0 quanta, recounted from the trace`;
  return `${paint('red', '✗')} ${whole(errorQuanta)} quanta, recounted from the trace: a bug, please report it`;
}

function line(label: string, text: string): string {
  return `${paint('dim', label.padEnd(LABEL_COLUMNS))}${text}`;
}
