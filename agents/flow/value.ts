/** The value trader: buys below its own estimate of the index, sells above it. */
import { AgentField, defineStrategy, MarketField, WakeOn } from '../../sim/strategy/index.js';
import { logRatio, standsDown, startClock } from '../parts/index.js';

/** Leverage this near a cap is at it. */
const CAP_SLACK = 1e-9;

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
  gain: {
    formula: '-(k + 3 k3 m^2) W + (L - 1) N inside the caps, (L - 1) N at them',
    evaluate({ equity, exposure, leverageMax, of }) {
      const high = Math.min(of('leverage'), leverageMax);
      const low = Math.max(-of('leverage') * of('shortShare'), -leverageMax);
      const held = exposure / equity;
      const m = mispricingAt(held, of('aggressiveness'), of('aggressivenessCubic'));
      const moves = -(of('aggressiveness') + 3 * of('aggressivenessCubic') * m * m) * equity;
      const g = (held - 1) * exposure;
      const inside = held > low + CAP_SLACK && held < high - CAP_SLACK;
      return { down: g + (inside ? moves : 0), up: g + (inside ? moves : 0) };
    },
  },
  exitTrigger: 'its leverage cap, where it turns destabilising',
  examples: [
    {
      card: 'B5',
      doc: 'Buys the fall until its cap of 3, where it sells into it: 10 ln(100 / price)',
      prices: [100, 101, 98, 90, 70],
      index: [100, 100, 100, 100, 100],
      set: { aggressiveness: 10, leverage: 3 },
      expect: [
        { field: 'targetLeverage', values: [0, -0.099503, 0.202027, 1.053605, 3] },
        { field: 'gain.down', values: [-1e6], tolerance: 0.01 },
        { field: 'gain.up', values: [-1e6], tolerance: 0.01 },
      ],
    },
    {
      card: 'B5',
      doc: 'At the cap the gain is l (l - 1) W: 6 x 100,000 on first reaching it',
      prices: [70],
      index: [100],
      set: { aggressiveness: 10, leverage: 3 },
      expect: [
        { field: 'gain.down', values: [600_000], tolerance: 0.01 },
        { field: 'gain.up', values: [600_000], tolerance: 0.01 },
      ],
    },
  ],
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

/** Solves k m + k3 m^3 = leverage by Newton's method, for the closed-form gain alone. */
function mispricingAt(leverage: number, steep: number, cubic: number): number {
  let m = steep > 0 ? leverage / steep : 0;
  for (let k = 0; k < 100 && cubic > 0; k++) {
    const slope = steep + 3 * cubic * m * m;
    if (slope > 0) m -= (steep * m + cubic * m * m * m - leverage) / slope;
    else m = leverage > 0 ? 1 : -1;
  }
  return m;
}
