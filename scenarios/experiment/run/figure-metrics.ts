/** Figures that the engine counts while it runs: those of a run's summary, under their own names. */
import type { RunFigures } from '../../../sim/engine/index.js';
import type { Better, RunMetric } from './run-metric.js';

/** A figure and how it is read from a summary. */
interface FigureMetric extends RunMetric {
  read(figures: RunFigures): number | null;
}

function figure(
  name: string,
  [unit, better]: readonly [string, Better],
  doc: string,
  read: FigureMetric['read'],
): FigureMetric {
  return { name, unit, better, doc, read };
}

const COUNT = ['count', null] as const;
const QUOTE = ['quote', null] as const;

/** In the order of the summary. */
export const figureMetrics: readonly FigureMetric[] = [
  figure('liquidations.count', ['liquidations', 'lower'], 'Liquidations', (f) => f.liquidations.count),
  figure('liquidations.notionalQuote', ['quote', 'lower'], 'Liquidated notional', (f) => f.liquidations.notionalQuote),
  figure('liquidations.largestCascade', ['liquidations', 'lower'], 'Most liquidations within one stretch of forced selling', (f) => f.liquidations.largestCascade),
  figure('reproductionNumber', ['liquidations per liquidation', 'lower'], 'Liquidations caused by each on average (scope L1); undefined without liquidations', (f) => f.contagion?.reproductionNumber ?? null),
  figure('contagion.episodes', COUNT, 'Trees of liquidations that go back to one event', (f) => f.contagion?.episodes ?? null),
  figure('contagion.roots', COUNT, 'Liquidations that no other caused', (f) => f.contagion?.roots ?? null),
  figure('contagion.largestTree', ['liquidations', 'lower'], 'Liquidations in the largest tree', (f) => f.contagion?.largestTree ?? null),
  figure('contagion.generations', ['generations', 'lower'], 'Generations of the deepest tree', (f) => f.contagion?.generations ?? null),
  figure('price.maxDrawdownFraction', ['fraction', 'lower'], 'Largest fall of the last price from an earlier high', (f) => f.price.maxDrawdownFraction),
  figure('price.minQuote', ['quote', 'higher'], 'Lowest last price', (f) => f.price.minQuote),
  figure('price.endQuote', QUOTE, 'Last price at the end', (f) => f.price.endQuote),
  figure('index.maxDrawdownFraction', ['fraction', null], 'Largest fall of the index from an earlier high', (f) => f.index.maxDrawdownFraction),
  figure('discountMinFraction', ['fraction', 'higher'], 'Lowest last price over index, less one, at the end of a window', (f) => f.discountMinFraction),
  figure('insuranceFund.minQuote', ['quote', 'higher'], 'Lowest balance of the insurance fund', (f) => f.insuranceFund.minQuote),
  figure('insuranceFund.endQuote', ['quote', 'higher'], 'Balance of the insurance fund at the end', (f) => f.insuranceFund.endQuote),
  figure('autoDeleveraging.count', ['events', 'lower'], 'Positions closed by auto-deleveraging', (f) => f.autoDeleveraging.count),
  figure('autoDeleveraging.notionalQuote', ['quote', 'lower'], 'Notional closed by auto-deleveraging', (f) => f.autoDeleveraging.notionalQuote),
  figure('badDebtQuote', ['quote', 'lower'], 'Losses that nobody covered, as the summary tells them', (f) => f.badDebtQuote),
  figure('openInterest.startQuote', QUOTE, 'Open interest at the start', (f) => f.openInterest.startQuote),
  figure('openInterest.endQuote', QUOTE, 'Open interest at the end', (f) => f.openInterest.endQuote),
  figure('traders', ['traders', null], 'Traders in the run', (f) => f.traders),
  figure('trades', ['trades', null], 'Trades', (f) => f.trades),
  figure('orderActions', ['actions', null], 'Orders, cancels and replacements that reached the venue', (f) => f.orderActions),
  figure('wakes', ['wakes', null], 'Decisions of agents', (f) => f.wakes),
  figure('simulatedSeconds', ['s', null], 'Simulated time', (f) => f.simulatedSeconds),
];

/** Reads every figure, in order; null where it is undefined. */
export function figureValues(figures: RunFigures): (number | null)[] {
  return figureMetrics.map(({ read }) => finite(read(figures)));
}

function finite(value: number | null): number | null {
  // Without -0, which text does not keep.
  return value !== null && Number.isFinite(value) ? value + 0 : null;
}
