/** The value trader: buys below its own estimate of the index, sells above it. */
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import { logRatio, standsDown, startClock } from '../parts/index.js';

export const value = defineStrategy({
  name: 'value',
  family: 'flow',
  doc:
    'Ties the venue to the index: exposure = equity x clip(k m + k3 m^3), m = log(own fair ' +
    'value / price), fair value = index x exp(bias).',
  source:
    'Thurner, Farmer & Geanakoplos 2012; Majewski, Ciliberti & Bouchaud 2020 for the cubic term',
  params: {
    aggressiveness: {
      doc: 'Leverage per unit of log mispricing', unit: '1', min: 0, max: 10000, default: 10,
      source: 'Thurner, Farmer & Geanakoplos 2012: 5 to 50',
    },
    aggressivenessCubic: {
      doc: 'Leverage per unit of cubed log mispricing', unit: '1', min: 0, max: 1e9, default: 0,
      source: 'Majewski, Ciliberti & Bouchaud 2020',
    },
    leverage: {
      doc: 'Largest leverage', unit: 'leverage', min: 0, max: 100, default: 3, source: 'assumption',
    },
    shortShare: {
      doc: 'Short side of the largest leverage: 0 long only, 1 symmetric', unit: 'fraction', min: 0,
      max: 1, default: 1, source: 'assumption',
    },
    bias: {
      doc: 'Log error of its fair value; draw it per agent, standard deviation 2 to 5 %', unit: '1',
      min: -1, max: 1, default: 0, source: 'assumption',
    },
  },
  state: {},
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: -1,
  exitTrigger: 'its leverage cap, where it turns destabilising',
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    const { aggressiveness, aggressivenessCubic, leverage, shortShare, bias } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const seen = marketAt[i];
      const gap = logRatio(market[seen + MarketField.index], market[seen + MarketField.mark]);
      const m = gap + rows[r + bias];
      const wanted = m * (rows[r + aggressiveness] + rows[r + aggressivenessCubic] * m * m);
      const cap = rows[r + leverage];
      target[i] = equity[i] * Math.min(Math.max(wanted, -cap * rows[r + shortShare]), cap);
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
