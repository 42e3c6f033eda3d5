/** Constant mix: holds a fixed share of its equity in the asset. */
import { AgentField, defineStrategy, WakeOn } from '../../sim/strategy/index.js';
import { cappedGain, standsDown, startClock } from '../parts/index.js';

export const constantMix = defineStrategy({
  name: 'constant-mix',
  family: 'scaling',
  doc:
    'Restores exposure to a fixed share of its equity on a clock: below 1 it sells rises and ' +
    'buys falls, above 1 and below 0 the reverse.',
  source: 'Perold & Sharpe 1988',
  params: {
    share: {
      doc: 'Share of equity held; negative for a short', unit: 'leverage', min: -100, max: 100,
      default: 0.6, source: 'practice: 60/40',
    },
  },
  state: {},
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: -1,
  exitTrigger: 'its rebalance clock',
  gain: {
    formula: 'f (f - 1) W; l (l - 1) W at the cap l of the wrapper',
    evaluate(state) {
      const { equity, exposure, of } = state;
      const slope = of('share') * exposure;
      return cappedGain(state, of('share') * equity, { down: slope, up: slope });
    },
  },
  examples: [
    {
      card: 'A5',
      doc: 'Half in the asset: sells 2,500 into a rise of 10 %',
      prices: [100, 110],
      set: { share: 0.5 },
      expect: [
        { field: 'orderUnits', values: [500, -2500 / 110] },
        { field: 'targetNotionalQuote', values: [50_000, 52_500] },
        { field: 'gain.down', values: [-25_000], tolerance: 1e-3 },
        { field: 'gain.up', values: [-25_000], tolerance: 1e-3 },
      ],
    },
    {
      card: 'A5',
      doc: 'Twice its equity: buys 20,000 into a rise of 10 %',
      prices: [100, 110],
      set: { share: 2 },
      expect: [
        { field: 'orderUnits', values: [2000, 20_000 / 110] },
        { field: 'targetNotionalQuote', values: [200_000, 240_000] },
        { field: 'gain.down', values: [200_000], tolerance: 1e-2 },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      target[i] = rows[r + at.share] * equity[i];
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
