/** Values of the group `liquidity`, from the samples of each instrument. */
import * as liquidity from '../../../sim/metrics/liquidity/index.js';
import { largestCascade } from './cascade-values.js';
import { type Measurement, measured } from './measurement.js';
import type { RunCut } from './run-cut.js';
import { type SeriesColumns, changes } from './series-columns.js';

/** What counts as around a cascade: up to an hour before its begin and after its end. */
const AROUND_MICROS = 3600e6;
/** Samples from the trough on that a recovery is fitted to. */
const RECOVERY_MIN = 8;

/** Returns the group's values: one set an instrument, then those around the largest cascade. */
export function liquidityValues(cut: RunCut): Measurement[] {
  const each = cut.metadata.instruments.flatMap((_, k) => instrumentValues(cut, k));
  return [...each, ...aroundCascade(cut)];
}

function instrumentValues(cut: RunCut, instrument: number): Measurement[] {
  const { name: scope, quotePerTick } = cut.metadata.instruments[instrument];
  const { timeMicros, bidTicks, askTicks, depthLots, lastTicks, volumeQuote } = cut.series[instrument];
  const n = timeMicros.length;
  const { spread, relativeBps, quotedShare } = liquidity.timeWeightedSpread({
    timeMicros,
    bidPrice: bidTicks,
    askPrice: askTicks,
    endMicros: Math.max(cut.endMicros, timeMicros.at(-1) ?? 0),
  });
  const bars = `bars of ${cut.metadata.seriesMicros / 1e6} s`;
  const returns = Float64Array.from(changes(lastTicks), (change, t) =>
    lastTicks[t] > 0 ? change / lastTicks[t] : Number.NaN,
  );
  const volume = changes(volumeQuote).map((one, t) => (Number.isNaN(returns[t]) ? 0 : one));
  const illiquidity = liquidity.amihud(returns, volume);
  const unquoted = 'both sides were never quoted at one sample';
  let depth = 0;
  for (const lots of depthLots) depth += lots / n;
  const moved = liquidity.realisedVolatility(returns, cut.metadata.seriesMicros);
  const traded = volume.filter((one) => one > 0).length;
  return [
    measured('spread', spread * quotePerTick, { n, scope, unit: 'quote', missing: unquoted }),
    measured('spread.relativeBps', relativeBps, { n, scope, missing: unquoted }),
    measured('spread.quotedShare', quotedShare, { n, scope, missing: 'there are no samples' }),
    measured('depth', n > 0 ? depth : Number.NaN, {
      n,
      scope,
      unit: 'lots',
      note: 'mean over samples, both sides within 1 % of the mark',
      missing: 'there are no samples',
    }),
    measured('amihud', illiquidity.value, {
      n: traded,
      scope,
      interval: illiquidity,
      note: `last prices, ${bars}`,
      missing: 'nothing was traded between samples',
    }),
    measured('volatility', moved, {
      n: returns.filter(Number.isFinite).length,
      scope,
      note: `last prices, ${bars}`,
      missing: 'there were no two samples with a price',
    }),
  ];
}

/** A stretch of depth samples. */
interface DepthPath {
  timeMicros: number[];
  depthLots: number[];
}

function aroundCascade(cut: RunCut): Measurement[] {
  const forest = cut.forest(1);
  const nodes = largestCascade(forest);
  if (nodes.length === 0) return nothingAround('there was no cascade', 0);
  const from = forest.timeMicros[nodes[0]];
  let to = from;
  for (const node of nodes) to = Math.max(to, forest.timeMicros[node]);
  const instrument = forest.instrument[nodes[0]];
  const scope = `largest cascade, ${cut.metadata.instruments[instrument].name}`;
  const { timeMicros, depthLots } = between(cut.series[instrument], from - AROUND_MICROS, to + AROUND_MICROS);
  const depletion = liquidity.depthDepletion(timeMicros, depthLots, from);
  const first = timeMicros.findIndex((time) => time >= from);
  if (first < 1 || Number.isNaN(depletion)) {
    return nothingAround('no samples of depth before and after the largest cascade began', timeMicros.length);
  }
  const window = 'depth within 1 %, up to 1 h before and after';
  const n = timeMicros.length;
  const after = { timeMicros: timeMicros.slice(first), depthLots: depthLots.slice(first) };
  // What stood before, by the definition of depletion: 1 - least / before.
  const before = meanBefore(timeMicros, depthLots, from);
  const loss = liquidity.resilienceLoss(after.timeMicros, after.depthLots, before);
  return [
    measured('depth.depletion', depletion, { n, scope, note: window }),
    halfLifeValue(after, scope, cut.metadata.seriesMicros),
    measured('resilienceLoss', after.timeMicros.length < 2 ? Number.NaN : loss, {
      n: after.timeMicros.length,
      scope,
      note: 'of depth, from the first sample after its begin',
      missing: 'one sample of depth after it',
    }),
  ];
}

function nothingAround(missing: string, n: number): Measurement[] {
  const names = ['depth.depletion', 'recovery.halfLife', 'resilienceLoss'];
  return names.map((name) => measured(name, Number.NaN, { n, unit: unitOf(name), missing }));
}

function unitOf(name: string): string | undefined {
  return name === 'recovery.halfLife' ? 'us' : undefined;
}

function halfLifeValue(
  { timeMicros, depthLots }: DepthPath,
  scope: string,
  barMicros: number,
): Measurement {
  let trough = 0;
  for (let t = 1; t < depthLots.length; t++) if (depthLots[t] < depthLots[trough]) trough = t;
  const n = depthLots.length - trough;
  const name = 'recovery.halfLife';
  const unit = 'us';
  if (n < RECOVERY_MIN) {
    const missing = `${n} samples from the trough on, ${RECOVERY_MIN} are the least`;
    return measured(name, Number.NaN, { n, scope, unit, missing });
  }
  const fit = liquidity.fitRecovery(timeMicros.slice(trough), depthLots.slice(trough));
  const isBack = fit.level > fit.trough;
  const isSlow = fit.halfLife >= barMicros;
  return measured(name, isBack && isSlow ? fit.halfLife : Number.NaN, {
    n,
    scope,
    unit,
    note: 'one path, from the trough of depth on',
    missing: !isBack
      ? 'depth did not recover within the hour'
      : isSlow
        ? 'the path shows no bend'
        : `shorter than the ${barMicros / 1e6} s between samples`,
  });
}

function between({ timeMicros, depthLots }: SeriesColumns, from: number, to: number): DepthPath {
  const path: DepthPath = { timeMicros: [], depthLots: [] };
  for (let t = 0; t < depthLots.length; t++) {
    if (timeMicros[t] < from || timeMicros[t] > to) continue;
    path.timeMicros.push(timeMicros[t]);
    path.depthLots.push(depthLots[t]);
  }
  return path;
}

/** Returns the time-weighted mean before the shock. */
function meanBefore(timeMicros: readonly number[], depthLots: readonly number[], shock: number): number {
  let weighted = 0;
  for (let t = 0; t < timeMicros.length && timeMicros[t] < shock; t++) {
    const next = Math.min(timeMicros[t + 1] ?? shock, shock);
    weighted += (next - timeMicros[t]) * depthLots[t];
  }
  return weighted / (shock - timeMicros[0]);
}
