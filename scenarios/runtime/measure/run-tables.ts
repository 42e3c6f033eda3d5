/** What a run leaves beyond single figures: a row a cascade, and a row a sample. */
import { cascadesOf } from '../../../sim/metrics/index.js';
import type { RunCut } from './run-cut.js';

/** Columns of the table of episodes, in the order of a row. */
export const EPISODE_COLUMNS = [
  { name: 'episode', doc: 'Number of the episode in its run, from 0', unit: '' },
  { name: 'instrument', doc: 'Instrument of its first liquidation, from 0', unit: '' },
  { name: 'startMicros', doc: 'Time of its first liquidation', unit: 'us' },
  { name: 'endMicros', doc: 'Time of its last', unit: 'us' },
  { name: 'liquidations', doc: 'Liquidations in it', unit: 'liquidations' },
  { name: 'notionalQuote', doc: 'Liquidated notional', unit: 'quote' },
  { name: 'generations', doc: 'Generations of its deepest tree', unit: 'generations' },
] as const;

/** Columns of the table of intervals, in the order of a row. */
export const INTERVAL_COLUMNS = [
  { name: 'instrument', doc: 'Instrument, from 0', unit: '' },
  { name: 'timeMicros', doc: 'Time of the sample', unit: 'us' },
  { name: 'lastQuote', doc: 'Last price', unit: 'quote' },
  { name: 'bidQuote', doc: 'Best bid, 0 for none', unit: 'quote' },
  { name: 'askQuote', doc: 'Best ask, 0 for none', unit: 'quote' },
  { name: 'depthLots', doc: 'Resting within 1 % of the mark, both sides', unit: 'lots' },
  { name: 'volumeQuote', doc: 'Traded so far', unit: 'quote' },
] as const;

/** Rows, each with the numbers of its columns. */
export type TableRows = readonly (readonly number[])[];

/** Returns a row an episode: all liquidations that go back to one event. O(liquidations). */
export function episodeRows(cut: RunCut): TableRows {
  const { parent, notionalQuote, rootEvent, timeMicros, instrument, count } = cut.forest(1);
  const cascades = cascadesOf(parent, notionalQuote, rootEvent);
  const end = new Float64Array(cascades.count);
  for (let i = 0; i < count; i++) end[cascades.of[i]] = Math.max(end[cascades.of[i]], timeMicros[i]);
  return Array.from({ length: cascades.count }, (_, c) => {
    const root = cascades.root[c];
    const { size, depth } = cascades;
    return [c, instrument[root], timeMicros[root], end[c], size[c], cascades.notionalQuote[c], depth[c]];
  });
}

/** Returns a row a sample and instrument. O(samples). */
export function intervalRows(cut: RunCut): TableRows {
  return cut.series.flatMap((columns, k) => {
    const { quotePerTick } = cut.metadata.instruments[k];
    const { timeMicros, lastTicks, bidTicks, askTicks, depthLots, volumeQuote } = columns;
    return timeMicros.map((time, t) => [
      k,
      time,
      lastTicks[t] * quotePerTick,
      bidTicks[t] * quotePerTick,
      askTicks[t] * quotePerTick,
      depthLots[t],
      volumeQuote[t],
    ]);
  });
}
