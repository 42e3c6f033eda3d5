/** The regime predictor: a hidden Markov model whose fear of stress scales the position. */
import { exp, pow } from '../../sim/kernel/index.js';
import {
  AgentField,
  type DecisionBatch,
  defineStrategy,
  MarketField,
  WakeOn,
} from '../../sim/strategy/index.js';
import { DAY_MICROS, logTicks, standsDown, startClock } from '../parts/index.js';
import {
  filterStress,
  fitRegimes,
  orderRegimes,
  Regime,
  setSample,
  stationaryStress,
  stressSlope,
  WINDOW_BARS_MAX,
} from './hidden-regime.js';
import { deadbandParameter, Lane, monocultureParameter } from './regime-common.js';

const card = 'assumption: default of the design, daily data';

export const regimeHmm = defineStrategy({
  name: 'regime-hmm',
  family: 'signal',
  doc:
    'Filters the probability of a stress regime out of log returns with a two-state Gaussian ' +
    'hidden Markov model and holds equity x leverage x (1 - P(stress)); re-estimates the model ' +
    'on its own past. Members of the monoculture share one model, others disturb theirs.',
  source:
    'Hamilton 1989; Baum et al. 1970 for the estimation. Differs: parameters are daily and are ' +
    'brought to the bar',
  params: {
    leverage: {
      doc: 'Leverage without fear', unit: 'leverage', min: 0, max: 100, default: 1,
      source: 'assumption',
    },
    monoculture: monocultureParameter,
    deadband: deadbandParameter,
    fitBars: {
      doc: 'Bars between re-estimations; 0 for never', unit: 'bars', min: 0, max: 1e6,
      default: 250, integer: true, source: card,
    },
    windowBars: {
      doc: 'Bars it trains on', unit: 'bars', min: 10, max: WINDOW_BARS_MAX, default: 250,
      integer: true, source: card,
    },
    fitIterations: {
      doc: 'Steps of expectation maximisation at a re-estimation', unit: '1', min: 1, max: 100,
      default: 10, integer: true, source: 'assumption',
    },
    modelNoise: {
      doc: 'Log standard deviation of the first model of those outside the monoculture',
      unit: '1', min: 0, max: 2, default: 0.3, source: 'assumption',
    },
    blockBars: {
      doc: 'Bars in a block of their bootstrap', unit: 'bars', min: 1, max: WINDOW_BARS_MAX,
      default: 20, integer: true, source: 'assumption',
    },
    leaveCalm: {
      doc: 'Chance a day of calm turning to stress', unit: 'fraction', min: 1e-4, max: 0.49,
      default: 0.02, source: card,
    },
    leaveStress: {
      doc: 'Chance a day of stress turning to calm', unit: 'fraction', min: 1e-4, max: 0.49,
      default: 0.05, source: card,
    },
    meanCalm: {
      doc: 'Mean log return a day in calm', unit: '1', min: -1, max: 1, default: 0.0005,
      source: card,
    },
    meanStress: {
      doc: 'Mean log return a day in stress', unit: '1', min: -1, max: 1, default: -0.001,
      source: card,
    },
    deviationCalm: {
      doc: 'Volatility a day in calm', unit: 'fraction', min: 1e-6, max: 1, default: 0.01,
      source: card,
    },
    deviationStress: {
      doc: 'Volatility a day in stress', unit: 'fraction', min: 1e-6, max: 1, default: 0.03,
      source: card,
    },
  },
  state: {
    lastLog: { doc: 'Log of the mark in ticks at the last bar; -1 before', unit: '1', initial: -1 },
    stress: { doc: 'Filtered probability of stress', unit: 'fraction', initial: 0 },
    acted: { doc: 'Part of the leverage last traded for; -1 before', unit: 'fraction', initial: -1 },
    member: { doc: '1 when it shares the common model', unit: '1', initial: 0 },
    bars: { doc: 'Returns seen', unit: 'bars', initial: 0 },
    model: {
      doc:
        'Chance a bar of leaving calm, stress; mean, deviation in calm, in stress; log ratio of ' +
        'the deviations',
      unit: '1', initial: 0, count: Regime.length,
    },
    returns: {
      doc: 'Ring of the last log returns', unit: '1', initial: 0, count: WINDOW_BARS_MAX,
    },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula: '0 inside the deadband; else W l ((1 - P) L - dP/dr) - N, P one bar on at r = 0',
    evaluate({ equity, exposure, leverageMax, of }) {
      const fit = of('fitBars');
      const model = Array.from({ length: Regime.length }, (_, k) => of('model', k));
      const after = filterStress(Float64Array.from(model), 0, of('stress'), 0);
      const g = { down: 0, up: 0 };
      if (fit > 0 && (of('bars') + 1) % fit === 0) return { down: NaN, up: NaN };
      if (Math.abs(1 - after - of('acted')) < of('deadband')) return g;
      const leverage = of('leverage') * (1 - after);
      g.down = exposure * (Math.min(leverage, leverageMax) - 1);
      if (leverage < leverageMax) {
        g.down -= equity * of('leverage') * stressSlope(model, of('stress'));
      }
      g.up = g.down;
      return g;
    },
  },
  exitTrigger: 'the classifier flips to stress',
  examples: [
    {
      card: 'B1',
      doc: 'Probability of stress on the reference path',
      set: { fitBars: 0, deadband: 0 },
      expect: [
        {
          field: 'state.stress',
          from: 1,
          values: [
            0.16315, 0.253068, 0.156366, 0.806428, 0.889554, 0.735052, 0.973998, 0.993664, 0.900504,
          ],
        },
        {
          field: 'targetLeverage',
          from: 1,
          values: [
            0.83685, 0.746932, 0.843634, 0.193572, 0.110446, 0.264948, 0.026002, 0.006336, 0.099496,
          ],
        },
      ],
    },
    {
      card: 'B1',
      doc: 'Holds inside the deadband: orders at the first price and at the flip alone',
      set: { fitBars: 0 },
      expect: [
        {
          field: 'orderUnits',
          values: [714.285714, 0, 0, 0, -520.154785, 0],
        },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const m = r + at.model;
      const period = rows[r + AgentField.periodMicros];
      const days = (period > 0 ? period : DAY_MICROS) / DAY_MICROS;
      const root = Math.sqrt(days);
      // The two-state chain observed at another interval: its eigenvalue to the power of it.
      const leaving = rows[r + at.leaveCalm] + rows[r + at.leaveStress];
      const change = 1 - pow(1 - leaving, days);
      rows[m + Regime.leaveCalm] = (rows[r + at.leaveCalm] / leaving) * change;
      rows[m + Regime.leaveStress] = (rows[r + at.leaveStress] / leaving) * change;
      rows[m + Regime.meanCalm] = rows[r + at.meanCalm] * days;
      rows[m + Regime.meanStress] = rows[r + at.meanStress] * days;
      rows[m + Regime.deviationCalm] = rows[r + at.deviationCalm] * root;
      rows[m + Regime.deviationStress] = rows[r + at.deviationStress] * root;
      const shares = batch.uniformNoise(i, Lane.member, 0) < rows[r + at.monoculture];
      rows[r + at.member] = shares ? 1 : 0;
      // First of all, so that noise does not depend on which regime was written as which.
      orderRegimes(rows, m);
      if (!shares) {
        disturb(batch, i, m, rows[r + at.modelNoise]);
        orderRegimes(rows, m);
      }
      rows[r + at.stress] = stationaryStress(rows, m);
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { lastLog, stress, acted, model, leverage, deadband, bars, returns } = at;
    const { fitBars } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const now = logTicks(market[marketAt[i] + MarketField.mark]);
      const last = rows[r + lastLog];
      rows[r + lastLog] = now;
      if (last >= 0) {
        const seen = rows[r + bars];
        rows[r + returns + (seen % WINDOW_BARS_MAX)] = now - last;
        rows[r + bars] = seen + 1;
        rows[r + stress] = filterStress(rows, r + model, rows[r + stress], now - last);
        if (rows[r + fitBars] > 0 && (seen + 1) % rows[r + fitBars] === 0) refit(batch, i, at);
      }
      const part = 1 - rows[r + stress];
      if (!(Math.abs(part - rows[r + acted]) < rows[r + deadband])) {
        rows[r + acted] = part;
        target[i] = equity[i] * rows[r + leverage] * part;
      }
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});

/** Gives an agent outside the monoculture a first model of its own. */
function disturb(batch: DecisionBatch, i: number, m: number, noise: number): void {
  const { rows } = batch;
  for (let k = Regime.leaveCalm; k <= Regime.deviationStress; k++) {
    const factor = exp(noise * batch.noise(i, Lane.model + k, 0));
    rows[m + k] *= factor;
  }
  rows[m + Regime.leaveCalm] = Math.min(rows[m + Regime.leaveCalm], 0.49);
  rows[m + Regime.leaveStress] = Math.min(rows[m + Regime.leaveStress], 0.49);
}

type Offsets = Readonly<
  Record<
    | 'bars' | 'returns' | 'windowBars' | 'model' | 'member' | 'blockBars' | 'fitIterations'
    | 'stress',
    number
  >
>;

/**
 * Re-estimates the model on the window: as it was for members, resampled in blocks for others;
 * then filters the window anew. Reads returns up to now alone.
 */
function refit(batch: DecisionBatch, i: number, at: Offsets): void {
  const { rows } = batch;
  const r = batch.row[i];
  const m = r + at.model;
  const seen = rows[r + at.bars];
  const count = Math.min(seen, rows[r + at.windowBars]);
  const block = rows[r + at.member] !== 0 ? count : Math.min(rows[r + at.blockBars], count);
  let from = 0;
  for (let j = 0; j < count; j++) {
    if (j % block === 0 && block < count) {
      // Draws are numbered by the bar, so every re-estimation has blocks of its own.
      from = Math.floor(batch.uniformNoise(i, Lane.block + j / block, seen) * (count - block + 1));
    }
    const place = seen - count + from + (j % block);
    setSample(j, rows[r + at.returns + (place % WINDOW_BARS_MAX)]);
  }
  fitRegimes(rows, m, count, rows[r + at.fitIterations]);
  let stress = stationaryStress(rows, m);
  for (let j = seen - count; j < seen; j++) {
    stress = filterStress(rows, m, stress, rows[r + at.returns + (j % WINDOW_BARS_MAX)]);
  }
  rows[r + at.stress] = stress;
}
