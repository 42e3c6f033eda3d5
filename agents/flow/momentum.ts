/** Trend following: exposure is a bounded odd function of a moving average of returns. */
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import { logTicks, squash, standsDown, startClock } from '../parts/index.js';

export const momentum = defineStrategy({
  name: 'momentum',
  family: 'flow',
  doc:
    'Follows the trend: exposure = equity x leverage x tanh(steepness x moving average of log ' +
    'returns).',
  source: 'Chiarella 1992; Majewski, Ciliberti & Bouchaud 2020',
  params: {
    leverage: {
      doc: 'Leverage at full conviction', unit: 'leverage', min: 0, max: 100, default: 2,
      source: 'assumption',
    },
    weight: {
      doc: 'Weight of the newest return in the average',
      unit: 'fraction', min: 0, max: 1, default: 0.1,
      source: 'Majewski, Ciliberti & Bouchaud 2020, rescaled to the bar',
    },
    steepness: {
      doc: 'Conviction per unit of average return a bar', unit: '1', min: 0, max: 1e6, default: 50,
      source: 'assumption',
    },
  },
  state: {
    lastLog: { doc: 'Log of the mark in ticks at the last bar; -1 before', unit: '1', initial: -1 },
    trend: { doc: 'Moving average of log returns', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula: 'l a k sech^2(k M) W + (l tanh(k M) - 1) N, M the average one bar on; N (l - 1) capped',
    evaluate({ equity, exposure, leverageMax, of }) {
      const conviction = squash(of('steepness') * (1 - of('weight')) * of('trend'));
      const leverage = of('leverage') * conviction;
      let g = exposure * (Math.min(Math.max(leverage, -leverageMax), leverageMax) - 1);
      if (Math.abs(leverage) < leverageMax) {
        const bend = 1 - conviction * conviction;
        g += equity * of('leverage') * of('steepness') * of('weight') * bend;
      }
      return { down: g, up: g };
    },
  },
  exitTrigger: 'the trend turns',
  examples: [
    {
      card: 'B6',
      doc: 'Leverage on the reference path',
      set: { weight: 0.1, steepness: 50, leverage: 1 },
      expect: [
        {
          field: 'targetLeverage',
          from: 1,
          values: [
            0.049711, 0.141856, 0.079587, -0.07733, -0.17011, -0.102954, 0.057713, 0.195791,
            0.129476,
          ],
        },
        { field: 'gain.down', values: [500_000], tolerance: 0.01 },
        { field: 'gain.up', values: [500_000], tolerance: 0.01 },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { leverage, weight, steepness, lastLog, trend } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const now = logTicks(market[marketAt[i] + MarketField.mark]);
      const last = rows[r + lastLog];
      rows[r + lastLog] = now;
      let m = rows[r + trend];
      if (last >= 0) {
        m += rows[r + weight] * (now - last - m);
        rows[r + trend] = m;
      }
      target[i] = equity[i] * rows[r + leverage] * squash(rows[r + steepness] * m);
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
