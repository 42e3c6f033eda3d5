/** Builds an instrument's index path from its choice, or from the bars of a price file. */
import { RandomSource } from '../../sim/kernel/index.js';
import {
  bridgePath,
  brownianPath,
  constantPath,
  ohlcPath,
  scaleLogReturns,
} from '../../sim/oracle/index.js';
import type { Anchor, PriceBars, PricePath } from '../../sim/oracle/index.js';
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
  const path =
    index.kind === 'gbm'
      ? brownianPath({
          startPrice: index.price,
          volatility,
          drift: index.drift,
          stepMicros,
          durationMicros: runMicros,
          random,
        })
      : bridgePath({
          anchors: anchorsOf(index),
          volatility,
          stepMicros,
          durationMicros: runMicros,
          random,
        });
  return scaleLogReturns(path, shock);
}

/** Returns the prices of bars, with log returns multiplied by `shock`. */
export function buildBarsIndex(bars: PriceBars, shock: number): PricePath {
  return scaleLogReturns(ohlcPath(bars), shock);
}

function anchorsOf(index: Extract<Instrument['index'], { kind: 'bridge' }>): Anchor[] {
  const every = durationMicros(index.every);
  const anchors: Anchor[] = index.levels.map((price, k) => ({ timeMicros: k * every, price }));
  for (const { at, price } of index.anchors)
    anchors.push({ timeMicros: durationMicros(at), price });
  return anchors.sort((a, b) => a.timeMicros - b.timeMicros);
}
