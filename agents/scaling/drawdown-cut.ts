/** A hard drawdown cut: exposure shrinks to nothing as the drawdown nears its limit. */
import { AgentField, defineStrategy, Urgency, WakeOn } from '../../sim/strategy/index.js';
import {
  cappedGain, directionParam, heldExposure, reaches, standsDown, startClock,
} from '../parts/index.js';

export const drawdownCut = defineStrategy({
  name: 'drawdown-cut',
  family: 'scaling',
  doc:
    'Holds a leverage times (1 - drawdown / largest drawdown), drawdown being the part of its ' +
    'highest equity that it has lost; nothing beyond the largest.',
  source: 'practice: drawdown limits of managed accounts and trading firms',
  params: {
    leverage: {
      doc: 'Leverage without drawdown', unit: 'leverage', min: 0, max: 1000, default: 2,
      source: 'assumption',
    },
    direction: directionParam,
    drawdownMax: {
      doc: 'Drawdown at which nothing is left', unit: 'fraction', min: 1e-6, max: 1, default: 0.2,
      source: 'practice: risk limits of 10 to 25 %',
    },
  },
  state: {
    peak: { doc: 'Highest equity so far', unit: 'quote', initial: 0 },
    drawdown: { doc: 'Part of the highest equity lost', unit: 'fraction', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  gain: {
    formula:
      'N (b (h + W / (M D)) - 1), h the part left, M the highest equity, D the largest drawdown; ' +
      '(b - 1) N where a new high is made; l (l - 1) W at the cap l of the wrapper',
    evaluate(state) {
      const { equity, exposure, of } = state;
      const base = of('leverage') * of('direction');
      const peak = Math.max(of('peak'), equity);
      const left = 1 - (1 - equity / peak) / of('drawdownMax');
      if (!(left > 0)) return { down: -exposure, up: -exposure };
      const below = exposure * base * (left + equity / (peak * of('drawdownMax')));
      const above = reaches(equity, peak, equity) ? exposure * base : below;
      const moves = exposure >= 0 ? { down: below, up: above } : { down: above, up: below };
      return cappedGain(state, base * left * equity, moves);
    },
  },
  exitTrigger: 'its largest drawdown',
  examples: [
    {
      card: 'A12',
      doc: 'Half the exposure at half the largest drawdown, none at all of it',
      prices: [100, 95, 80],
      equity: 100,
      expect: [
        { field: 'targetLeverage', values: [2, 1, 0] },
        { field: 'state.drawdown', values: [0, 0.1, 0.242105] },
      ],
    },
    {
      card: 'A12',
      doc: 'Its kink at a high: b (1 + 1 / D) - 1 times N down, (b - 1) N up, for b = 2, N = 200',
      prices: [100],
      equity: 100,
      expect: [
        { field: 'gain.down', values: [2200], tolerance: 1e-4 },
        { field: 'gain.up', values: [200], tolerance: 1e-4 },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, urgency, wakeAt } = batch;
    const { peak, drawdown, leverage, direction, drawdownMax } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const high = Math.max(rows[r + peak], equity[i]);
      const lost = 1 - equity[i] / high;
      const left = Math.max(1 - lost / rows[r + drawdownMax], 0);
      rows[r + peak] = high;
      rows[r + drawdown] = lost;
      const wanted = rows[r + direction] * rows[r + leverage] * left * equity[i];
      target[i] = wanted;
      // The last of it goes whatever the band says.
      if (left === 0 && heldExposure(batch, i) !== 0) urgency[i] = Urgency.forced;
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});
