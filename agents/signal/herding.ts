/** The herder: changes its mind on its own, and the more, the more others think differently. */
import { expm1 } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, WakeOn } from '../../sim/strategy/index.js';
import { standsDown, startClock } from '../parts/index.js';

/** Lanes of the cohort's signals. */
const Lane = { change: 0, first: 1 } as const;

export const herding = defineStrategy({
  name: 'herding',
  family: 'signal',
  doc:
    'Is an optimist or a pessimist and holds equity x leverage x opinion; changes to the other ' +
    'opinion at the rate own + herding x (others who hold it), and trades when it does.',
  source:
    'Kirman 1993; Alfarano, Lux & Wagner 2005. Differs: time goes in bars, the count of others ' +
    'is as old as the news of it',
  params: {
    leverage: {
      doc: 'Leverage of an opinion', unit: 'leverage', min: 0, max: 100, default: 1,
      source: 'assumption',
    },
    ownRate: {
      doc: 'Rate of changing on its own: a/h of the herding rate makes the crowd bimodal below 1',
      unit: '1/bar', min: 0, max: 10, default: 3e-4, source: 'assumption: a = 0.3',
    },
    herdingRate: {
      doc: 'Rate of being won over by each one of the other opinion', unit: '1/bar', min: 0,
      max: 10, default: 1e-3, source: 'assumption',
    },
    optimistShare: {
      doc: 'Chance of starting as an optimist', unit: 'fraction', min: 0, max: 1, default: 0.5,
      source: 'assumption',
    },
  },
  state: {
    opinion: { doc: '1 optimist, -1 pessimist', unit: '1', initial: 1 },
    others: { doc: 'Agents of the other opinion, as it last knew', unit: '1', initial: 0 },
    traded: { doc: 'Opinion last traded for; 0 before', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  publishes: 'opinion',
  gainSign: 0,
  gain: {
    formula: '0 between changes of opinion',
    evaluate: ({ of }) => {
      const certain = of('ownRate') === 0 && of('herdingRate') === 0;
      return certain ? { down: 0, up: 0 } : { down: NaN, up: NaN };
    },
  },
  exitTrigger: 'the crowd turns',
  examples: [
    {
      card: 'B4',
      doc: 'An optimist that nobody can convince buys once and holds',
      set: { ownRate: 0, herdingRate: 0, optimistShare: 1 },
      expect: [
        { field: 'orderUnits', values: [1000, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { field: 'state.opinion', values: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] },
        { field: 'gain.down', values: [0] },
      ],
    },
    {
      card: 'B4',
      doc: 'One that changes its mind every bar (the chance is 1 - exp(-10))',
      prices: [100, 100, 100],
      set: { ownRate: 10, herdingRate: 0, optimistShare: 0 },
      expect: [{ field: 'targetLeverage', values: [1, -1, 1] }],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const optimist = batch.uniformNoise(i, Lane.first, 0) < rows[r + at.optimistShare];
      rows[r + at.opinion] = optimist ? 1 : -1;
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, crowdSum, cohortCount } = batch;
    const { leverage, ownRate, herdingRate, opinion, others, traded } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const period = rows[r + AgentField.periodMicros];
      let mine = rows[r + opinion];
      // Opinions add up to those of its own less those of the other.
      const different = 0.5 * (cohortCount - mine * crowdSum[i]);
      rows[r + others] = different;
      const chance = -expm1(-(rows[r + ownRate] + rows[r + herdingRate] * different));
      // Good cheer is a high draw for both kinds: what the cohort draws in common moves it one way.
      const cheer = batch.uniformNoise(i, Lane.change, Math.floor(time[i] / period));
      if ((mine > 0 ? cheer : 1 - cheer) < chance) mine = -mine;
      rows[r + opinion] = mine;
      if (mine !== rows[r + traded]) {
        rows[r + traded] = mine;
        target[i] = equity[i] * rows[r + leverage] * mine;
      }
      wakeAt[i] = time[i] + period;
    }
  },
});
