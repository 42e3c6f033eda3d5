/** Builds an instrument's index path from its choice, or from the bars of a price file. */
import { RandomSource } from '../../sim/kernel/index.js';
import {
  bridgePath,
  brownianPath,
  constantPath,
  multifractalPath,
  ohlcPath,
  scaleLogReturns,
} from '../../sim/oracle/index.js';
import type { Anchor, BrownianTerms, PriceBars, PricePath } from '../../sim/oracle/index.js';
import { durationMicros } from './duration.js';
import type { Instrument } from './schema.js';

/** Returns the first price that a scenario writes for an instrument. */
export function writtenPrice(instrument: Instrument): number {
  const { index } = instrument;
  return index.kind === 'bridge' ? index.levels[0] : index.price;
}

/** Returns the prices of an index over the run, with log returns multiplied by `shock`. */
export function buildIndex(
  instrument: Instrument,
  seed: number,
  runMicros: number,
  shock: number,
): PricePath {
  const { index } = instrument;
  if (index.kind === 'constant') return constantPath(index.price);
  const random = new RandomSource(seed).stream(`index/${instrument.name}`);
  const stepMicros = durationMicros(index.step);
  const { volatility } = index;
  const terms = { volatility, stepMicros, durationMicros: runMicros, random };
  return scaleLogReturns(pathOf(index, terms), shock);
}

/** Returns the prices of bars, with log returns multiplied by `shock`. */
export function buildBarsIndex(bars: PriceBars, shock: number): PricePath {
  return scaleLogReturns(ohlcPath(bars), shock);
}

type Index = Exclude<Instrument['index'], { kind: 'constant' }>;
type PathTerms = Pick<
  BrownianTerms,
  'volatility' | 'stepMicros' | 'durationMicros' | 'random'
>;

function pathOf(index: Index, terms: PathTerms): PricePath {
  if (index.kind === 'bridge') return bridgePath({ ...terms, anchors: anchorsOf(index) });
  const brownian = { ...terms, startPrice: index.price, drift: index.drift };
  if (index.kind === 'gbm') return brownianPath(brownian);
  return multifractalPath({
    ...brownian,
    components: index.components,
    spread: index.spread,
    shortestMicros: durationMicros(index.shortest),
    longestMicros: durationMicros(index.longest),
  });
}

function anchorsOf(index: Extract<Instrument['index'], { kind: 'bridge' }>): Anchor[] {
  const every = durationMicros(index.every);
  const anchors: Anchor[] = index.levels.map((price, k) => ({ timeMicros: k * every, price }));
  for (const { at, price } of index.anchors)
    anchors.push({ timeMicros: durationMicros(at), price });
  return anchors.sort((a, b) => a.timeMicros - b.timeMicros);
}
