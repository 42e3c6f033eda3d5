/** The macro trader: scales its position with a common sentiment that reaches it late. */
import { exp } from '../../sim/kernel/index.js';
import { AgentField, type DecisionBatch, defineStrategy, WakeOn } from '../../sim/strategy/index.js';
import { HOUR_MICROS, SECOND_MICROS, squash, standsDown, startClock } from '../parts/index.js';

/** Lanes of the cohort's signals; the news ones are drawn without the agent's key. */
const Lane = { noise: 0, lag: 1, arrival: 2, size: 3, release: 4 } as const;

const scripted = 'assumption: none unless a scenario scripts them';

export const sentiment = defineStrategy({
  name: 'sentiment',
  family: 'signal',
  doc:
    'Holds equity x leverage x tanh(sensitivity x (sentiment + own noise)), where the sentiment ' +
    'decays and jumps on news common to the cohort: releases at known times, self-exciting ' +
    'surprises, scripted shocks. Sees it with a lag of its own and cuts before releases.',
  source: 'Baker & Wurgler 2006; Tetlock 2007; Hawkes 1971 for the surprises',
  params: {
    leverage: {
      doc: 'Leverage at full conviction', unit: 'leverage', min: 0, max: 100, default: 1,
      source: 'assumption',
    },
    sensitivity: {
      doc: 'Conviction per unit of sentiment', unit: '1', min: 0, max: 1e4, default: 0.5,
      source: 'assumption',
    },
    persistence: {
      doc: 'Part of the sentiment left after a step', unit: 'fraction', min: 0, max: 1,
      default: 0.9, source: 'assumption',
    },
    stepMicros: {
      doc: 'Step of the sentiment, equal for all; 0 for the bar', unit: 'microseconds', min: 0,
      max: 1e15, default: 0, source: 'assumption',
    },
    noiseDeviation: {
      doc: 'Deviation of its own noise, drawn each bar', unit: '1', min: 0, max: 100,
      default: 0.3, source: 'assumption',
    },
    lagMicros: {
      doc: 'Median of its lag behind the news', unit: 'microseconds', min: 0, max: 1e13,
      default: 60 * SECOND_MICROS, source: 'assumption',
    },
    lagSpread: {
      doc: 'Log standard deviation of the lag across agents', unit: '1', min: 0, max: 5,
      default: 1, source: 'assumption: lognormal',
    },
    firstReleaseMicros: {
      doc: 'Time of the first scheduled release', unit: 'microseconds', min: 0, max: 1e15,
      default: HOUR_MICROS, source: 'assumption',
    },
    releaseIntervalMicros: {
      doc: 'Time between scheduled releases; 0 for none', unit: 'microseconds', min: 0, max: 1e15,
      default: 24 * HOUR_MICROS, source: 'assumption',
    },
    releaseDeviation: {
      doc: "Deviation of a release's jump", unit: '1', min: 0, max: 100, default: 1,
      source: 'assumption',
    },
    cutMicros: {
      doc: 'Cuts this long before a release', unit: 'microseconds', min: 0, max: 1e15,
      default: 600 * SECOND_MICROS, source: 'assumption',
    },
    cutShare: {
      doc: 'Part of the position kept then', unit: 'fraction', min: 0, max: 1, default: 0.5,
      source: 'assumption',
    },
    surprisesPerHour: {
      doc: 'Rate of unscheduled news, without excitation', unit: '1/hour', min: 0, max: 1e4,
      default: 0.2, source: 'assumption',
    },
    surpriseDeviation: {
      doc: 'Deviation of their jumps', unit: '1', min: 0, max: 100, default: 0.5,
      source: 'assumption',
    },
    branching: {
      doc: 'Unscheduled news that one piece excites', unit: '1', min: 0, max: 0.95, default: 0.5,
      source: 'assumption',
    },
    excitationMicros: {
      doc: 'Time constant of the excitation', unit: 'microseconds', min: 1, max: 1e15,
      default: 1800 * SECOND_MICROS, source: 'assumption',
    },
    shock1: { doc: 'A scripted jump', unit: '1', min: -100, max: 100, default: 0, source: scripted },
    shock1Micros: {
      doc: 'Its time', unit: 'microseconds', min: 0, max: 1e15, default: 0, source: scripted,
    },
    shock2: {
      doc: 'A second scripted jump', unit: '1', min: -100, max: 100, default: 0, source: scripted,
    },
    shock2Micros: {
      doc: 'Its time', unit: 'microseconds', min: 0, max: 1e15, default: 0, source: scripted,
    },
  },
  state: {
    level: { doc: 'Sentiment as it has reached it', unit: '1', initial: 0 },
    signal: { doc: 'Sentiment plus its noise', unit: '1', initial: 0 },
    turn: { doc: 'Last step of the sentiment it knows', unit: '1', initial: -1 },
    excited: { doc: 'Expected news a step through excitation', unit: '1', initial: 0 },
    fading: { doc: 'Part of the excitation left after a step', unit: 'fraction', initial: 0 },
    step: { doc: 'Step of the sentiment', unit: 'microseconds', initial: 0 },
    lag: { doc: 'Its lag behind the news', unit: 'microseconds', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 0,
  gain: {
    formula: '(l tanh(k phi S) - 1) N, where the next step brings no noise and no news',
    evaluate({ exposure, leverageMax, of }) {
      const silent =
        of('noiseDeviation') === 0 && of('releaseIntervalMicros') === 0 && of('stepMicros') === 0 &&
        of('surprisesPerHour') === 0 && of('excited') === 0 && of('shock1') === 0 &&
        of('shock2') === 0;
      const conviction = squash(of('sensitivity') * of('persistence') * of('level'));
      const leverage = of('leverage') * conviction;
      const capped = Math.min(Math.max(leverage, -leverageMax), leverageMax);
      const g = silent ? exposure * (capped - 1) : NaN;
      return { down: g, up: g };
    },
  },
  exitTrigger: 'bad news, as fast as it learns of it',
  examples: [
    {
      card: 'B2',
      doc: 'News 0, 1, 0, -2, 0, known at once and without noise',
      prices: [100, 100, 100, 100, 100],
      set: {
        noiseDeviation: 0, lagMicros: 0, releaseIntervalMicros: 0, surprisesPerHour: 0,
        shock1: 1, shock1Micros: 24 * HOUR_MICROS, shock2: -2, shock2Micros: 72 * HOUR_MICROS,
      },
      expect: [
        { field: 'targetLeverage', values: [0, 0.462117, 0.421899, -0.533482, -0.489574] },
        { field: 'state.level', values: [0, 1, 0.9, -1.19, -1.071] },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const own = rows[r + at.stepMicros];
      const step = own > 0 ? own : rows[r + AgentField.periodMicros];
      rows[r + at.step] = step;
      rows[r + at.fading] = exp(-step / rows[r + at.excitationMicros]);
      const spread = rows[r + at.lagSpread];
      rows[r + at.lag] = rows[r + at.lagMicros] * exp(spread * batch.noise(i, Lane.lag, 0));
    }
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt } = batch;
    const { leverage, sensitivity, noiseDeviation, level, signal, turn, step, lag } = at;
    const { firstReleaseMicros, releaseIntervalMicros, cutMicros, cutShare } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const now = time[i];
      const known = Math.floor((now - rows[r + lag]) / rows[r + step]);
      while (rows[r + turn] < known) hearNews(batch, r, at);
      let heard = rows[r + level];
      const deviation = rows[r + noiseDeviation];
      const period = rows[r + AgentField.periodMicros];
      if (deviation > 0) heard += deviation * batch.noise(i, Lane.noise, Math.floor(now / period));
      rows[r + signal] = heard;
      let wanted = equity[i] * rows[r + leverage] * squash(rows[r + sensitivity] * heard);
      const interval = rows[r + releaseIntervalMicros];
      if (interval > 0) {
        const first = rows[r + firstReleaseMicros];
        const next = first + Math.max(Math.ceil((now - first) / interval), 0) * interval;
        if (next > now && next - now <= rows[r + cutMicros]) wanted *= rows[r + cutShare];
      }
      target[i] = wanted;
      wakeAt[i] = now + period;
    }
  },
});

type Offsets = Readonly<
  Record<
    | 'level' | 'turn' | 'excited' | 'fading' | 'step' | 'persistence' | 'firstReleaseMicros'
    | 'releaseIntervalMicros' | 'releaseDeviation' | 'surprisesPerHour' | 'surpriseDeviation'
    | 'branching' | 'shock1' | 'shock1Micros' | 'shock2' | 'shock2Micros',
    number
  >
>;

/** Takes the next step of the sentiment into account: what all agents of the cohort draw alike. */
function hearNews(batch: DecisionBatch, r: number, at: Offsets): void {
  const { rows, signals } = batch;
  const turn = rows[r + at.turn] + 1;
  const step = rows[r + at.step];
  // What came after the last step, up to this one: nobody hears of it before it is.
  const until = turn * step;
  const after = until - step;
  let news = 0;
  const interval = rows[r + at.releaseIntervalMicros];
  if (interval > 0) {
    const first = rows[r + at.firstReleaseMicros];
    // Releases keep their sizes whatever the step: they are drawn by their own number.
    let k = Math.max(Math.floor((after - first) / interval) + 1, 0);
    for (; first + k * interval <= until; k++) {
      news += rows[r + at.releaseDeviation] * signals.normal(0, Lane.release, k);
    }
  }
  const rate = (rows[r + at.surprisesPerHour] * step) / HOUR_MICROS + rows[r + at.excited];
  let excited = rows[r + at.fading] * rows[r + at.excited];
  if (rate > 0 && signals.uniformOpen(0, Lane.arrival, turn) < 1 - exp(-rate)) {
    news += rows[r + at.surpriseDeviation] * signals.normal(0, Lane.size, turn);
    // Spread over the steps to come, a piece of news excites `branching` others in all.
    excited += rows[r + at.branching] * (1 - rows[r + at.fading]);
  }
  const first = rows[r + at.shock1Micros];
  const second = rows[r + at.shock2Micros];
  if (first > after && first <= until) news += rows[r + at.shock1];
  if (second > after && second <= until) news += rows[r + at.shock2];
  rows[r + at.excited] = excited;
  rows[r + at.level] = rows[r + at.persistence] * rows[r + at.level] + news;
  rows[r + at.turn] = turn;
}
