/** Closed gains of sizing rules at drawn states, under caps, and where a cap begins to bind. */
import { describe, expect, it } from 'vitest';
import { registry, strategyNamed } from '../../agents/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { measureGain, Probe, type ProbeGain } from '../../sim/probe/index.js';
import type { Strategy } from '../../sim/strategy/index.js';

/** Off, since they leave jumps or noise, which have no closed gain. */
const OFF: Record<string, number> = { noiseDaily: 0, costFraction: 0, tolerance: 0 };
/** Where limits are cut and restored; their edges meet at 1. */
const EDGES: Record<string, number[]> = { safety: [0.5, 0.95, 1], hysteresis: [0.5, 0.8] };

/** Draws about half of a rule's parameters around their defaults. */
function drawParams(strategy: Strategy, u: () => number): Record<string, number> {
  const params: Record<string, number> = {};
  for (const name of strategy.paramNames) {
    const { min, max, integer, unit, default: usual } = strategy.params[name];
    const draw = u();
    const size = u();
    if (name in OFF) params[name] = OFF[name];
    else if (name in EDGES) params[name] = EDGES[name][Math.floor(size * EDGES[name].length)];
    else if (unit === 'microseconds' || draw < 0.5) continue;
    else if (name === 'direction') params[name] = size < 0.5 ? 1 : -1;
    else if (integer) params[name] = Math.min(min + Math.floor(size * 4), max);
    else params[name] = Math.min(Math.max(usual * (0.3 + 2 * size), min), max);
  }
  return params;
}

function expectAgreement(gain: ProbeGain, size: number, what: string): void {
  for (const [measured, closed] of [[gain.down, gain.closedDown], [gain.up, gain.closedUp]]) {
    if (closed === null || measured === null) continue;
    const error = Math.abs(measured - closed) / Math.max(Math.abs(closed), size);
    expect(error, what).toBeLessThan(1e-6);
  }
}

const closed = registry.filter((rule) => rule.family === 'scaling' && rule.gain !== null);

describe('the closed gain of a scaling rule', () => {
  it.each(closed.map((rule) => rule.name))('%s is the measured one, capped or not', (name) => {
    const strategy = strategyNamed(name);
    const stream = new RandomSource(20_200_312).stream(name);
    let draws = 0;
    const u = () => stream.uniform(0, draws++, 0);
    for (let run = 0; run < 100; run++) {
      const params = drawParams(strategy, u);
      const leverageMax = [1e9, 0.5, 1, 2, 3, 5][Math.floor(u() * 6)];
      const equity = u() < 0.5 ? 100 : 100_000;
      const position = u() < 0.5 ? 0 : ((u() - 0.5) * equity) / 50;
      const probe = new Probe({
        strategy, params, leverageMax, equity, position, startPrice: 100, priceMax: 400,
      });
      let price = 100;
      for (let k = 0; k < 6; k++) {
        probe.step(price);
        const what = JSON.stringify({ params, leverageMax, equity, position, k, price });
        expectAgreement(measureGain(probe, price), Math.max(probe.equityOf(), 1), what);
        price *= 1 + (u() - 0.5) * 0.1;
      }
    }
  });

  /** Rule, parameters, cap of the wrapper, prices; gains down and up for an equity of 100. */
  const kinks: [string, Record<string, number>, number, number[], number, number][] = [
    ['constant-mix', { share: 5 }, 3, [100], 600, 600],
    ['constant-mix', { share: -5 }, 3, [100], 1200, 1200],
    ['cppi', {}, 0.5, [100], -25, -25],
    // Free exposure 80 falls by four for each unit lost; the cap of 80 by .8.
    ['cppi', {}, 0.8, [100], 240, -16],
    ['cppi', { leverageCap: 0.8 }, 1e9, [100], 240, -16],
    ['grossman-zhou', {}, 0.4, [100], 40, -24],
    ['drawdown-cut', {}, 2, [100], 2200, 200],
    ['lender-ceiling', { cyclicality: 0 }, 3, [100], 600, 600],
    ['lender-ceiling', { cyclicality: 0, restoreRate: 0 }, 3, [100], 600, 0],
    ['leverage-target', { slices: 1, flowSensitivity: 0.5 }, 3, [100], 1050, 600],
    ['implied-volatility-target', { measuredShare: 0, premium: 0, noiseDaily: 0 }, 0.5, [100], 175, -25],
    ['delta-band', { costFraction: 0, optionLeverage: -4 }, 1, [100], 0, 0],
    ['buy-and-hold-levered', {}, 1e9, [100], 0, 0],
    // A tenth of the base leverage of 3 is restored, then all that the limit lets it.
    ['var-limit', { restoreRate: 0.1 }, 1e9, [100], 9, 9],
    ['var-limit', { restoreRate: 1, leverage: 0.5, decayDaily: 1 }, 1e9, [100], -25, 0],
    ['var-limit', { restoreRate: 1, leverage: 1.5, decayDaily: 1 }, 1e9, [100], 0, 75],
  ];
  it.each(kinks)('%s %j capped at %d', (name, params, leverageMax, prices, down, up) => {
    const strategy = strategyNamed(name);
    const probe = new Probe({
      strategy, params, leverageMax, equity: 100, startPrice: 100, priceMax: 200,
    });
    for (const price of prices) probe.step(price);
    const gain = measureGain(probe, prices[prices.length - 1]);
    expect(gain.closedDown).toBeCloseTo(down, 6);
    expect(gain.closedUp).toBeCloseTo(up, 6);
    expectAgreement(gain, 1, name);
  });
});
