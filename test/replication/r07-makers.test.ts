/**
 * R07: Avellaneda & Stoikov 2008 and Gueant, Lehalle & Fernandez-Tapia 2013. The moments of the
 * finite-horizon maker, quoting by the functions the strategies quote by, and the stationary
 * distances against the exact ones.
 */
import { describe, expect, it } from 'vitest';
import {
  finiteHorizonSpread,
  glftHalfSpread,
  glftSlope,
  reservationPrice,
} from '../../agents/index.js';
import { RandomSource } from '../../sim/kernel/index.js';

const K = 1.5;
const A = 140;
const SIGMA = 2;
const STEPS = 200;
const PATHS = 15_000;

interface Moments {
  spread: number;
  profit: number;
  profitDeviation: number;
  inventoryDeviation: number;
}

/**
 * Plays the market of the paper, s0 = 100, T = 1, dt = .005: the mid moves by +-sigma sqrt(dt), and
 * a quote at a distance is filled with probability A exp(-k distance) dt, linear in dt.
 */
function play(gamma: number, inventoryAware: boolean): Moments {
  const key = `${gamma}/${inventoryAware}`;
  const known = played.get(key) ?? simulate(gamma, inventoryAware);
  played.set(key, known);
  return known;
}

const played = new Map<string, Moments>();

function simulate(gamma: number, inventoryAware: boolean): Moments {
  const stream = new RandomSource(7).stream('maker');
  const dt = 1 / STEPS;
  const jump = SIGMA * Math.sqrt(dt);
  const variances = Array.from({ length: STEPS }, (_, k) => SIGMA * SIGMA * (1 - k * dt));
  const halves = variances.map((variance) => finiteHorizonSpread(gamma, K, variance) / 2);
  let sum = 0;
  let squares = 0;
  let inventories = 0;
  for (let path = 0; path < PATHS; path++) {
    let mid = 100;
    let q = 0;
    let cash = 0;
    for (let k = 0; k < STEPS; k++) {
      const centre = inventoryAware ? reservationPrice(mid, q, gamma, variances[k]) : mid;
      const bid = centre - halves[k];
      const ask = centre + halves[k];
      const words = stream.words(path, 0, k);
      if (words[0] / 2 ** 32 < A * Math.exp(-K * (mid - bid)) * dt) {
        q++;
        cash -= bid;
      }
      if (words[1] / 2 ** 32 < A * Math.exp(-K * (ask - mid)) * dt) {
        q--;
        cash += ask;
      }
      mid += words[2] & 1 ? jump : -jump;
    }
    const worth = cash + q * mid;
    sum += worth;
    squares += worth * worth;
    inventories += q * q;
  }
  const profit = sum / PATHS;
  return {
    spread: halves.reduce((total, half) => total + 2 * half, 0) / STEPS,
    profit,
    profitDeviation: Math.sqrt(squares / PATHS - profit * profit),
    inventoryDeviation: Math.sqrt(inventories / PATHS),
  };
}

describe('R07: moments of the finite-horizon maker, within 3 %', () => {
  it.each([
    [0.1, 'inventory', 1.492, 64.87, 6.54, 2.92],
    [0.1, 'symmetric', 1.492, 68.07, 13.2, 8.4],
    [0.01, 'inventory', 1.349, 68.41, 8.96, 5.23],
    [0.01, 'symmetric', 1.349, 68.58, 13.61, 8.71],
    [0.5, 'inventory', 2.156, 48.58, 5.9, 1.96],
    [0.5, 'symmetric', 2.156, 58.32, 11.52, 7.05],
    [1, 'inventory', 3.032, 31.46, 4.84, 1.64],
  ] as [number, string, number, number, number, number][])(
    'gamma %d, %s',
    (gamma, kind, spread, profit, profitDeviation, inventoryDeviation) => {
      const moments = play(gamma, kind === 'inventory');
      const near = (actual: number, expected: number): void =>
        expect(Math.abs(actual / expected - 1)).toBeLessThan(0.03);
      near(moments.spread, spread);
      near(moments.profit, profit);
      near(moments.profitDeviation, profitDeviation);
      near(moments.inventoryDeviation, inventoryDeviation);
    },
  );

  it('the inventory rule trades profit for less risk', () => {
    const aware = play(0.1, true);
    const symmetric = play(0.1, false);
    expect(aware.profit).toBeLessThan(symmetric.profit);
    expect(aware.profitDeviation).toBeLessThan(0.6 * symmetric.profitDeviation);
  });
});

const GAMMA = 0.1;

/** Stationary bid distance at inventory q, from the closed form the strategy quotes by. */
function approximate(q: number): number {
  return glftHalfSpread(GAMMA, K) + ((2 * q + 1) / 2) * glftSlope(SIGMA, GAMMA, K, A);
}

/**
 * The same from the ground eigenvector of the tridiagonal matrix over |q| <= 30: alpha q^2 on the
 * diagonal, -eta beside it.
 */
function exactDistances(): (q: number) => number {
  const cap = 30;
  const n = 2 * cap + 1;
  const alpha = (K * GAMMA * SIGMA * SIGMA) / 2;
  const eta = A * (1 + GAMMA / K) ** -(1 + K / GAMMA);
  const shift = alpha * cap * cap + 2 * eta;
  let f = new Float64Array(n).fill(1);
  for (let step = 0; step < 20_000; step++) {
    const g = new Float64Array(n);
    let most = 0;
    for (let j = 0; j < n; j++) {
      const q = j - cap;
      g[j] = (shift - alpha * q * q) * f[j];
      if (j > 0) g[j] += eta * f[j - 1];
      if (j < n - 1) g[j] += eta * f[j + 1];
      most = Math.max(most, g[j]);
    }
    f = g.map((x) => x / most);
  }
  return (q) => Math.log(f[q + cap] / f[q + 1 + cap]) / K + Math.log(1 + GAMMA / K) / GAMMA;
}

describe('R07: stationary distances', () => {
  it('by the eigenvector and by the closed form', () => {
    const exact = exactDistances();
    for (const [q, approximated, solved] of [
      [0, 0.671244, 0.671628],
      [1, 0.722961, 0.72407],
      [5, 0.92983, 0.93178],
    ]) {
      expect(approximate(q)).toBeCloseTo(approximated, 6);
      expect(Math.abs(exact(q) - solved)).toBeLessThan(1e-6);
      // The ask at q is the bid at -q: the spread hardly depends on inventory.
      const spread = approximate(q) + approximate(-q);
      expect(spread).toBeCloseTo(2 * approximate(0), 12);
      expect(Math.abs(exact(q) + exact(-q) - spread)).toBeLessThan(0.003);
    }
  });
});
