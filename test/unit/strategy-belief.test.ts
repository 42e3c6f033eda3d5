/** Sentiment, herding, disposition and adaptive switching, each against its card. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { logitShare, prospectValue } from '../../agents/signal/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { Probe, type ProbeOptions } from '../../sim/probe/index.js';

const DAY = 86_400e6;
const stream = new RandomSource(12).stream('belief tests');

function probe(name: string, options: Partial<ProbeOptions> = {}): Probe {
  return new Probe({ strategy: strategyNamed(name), startPrice: 100, priceMax: 400, ...options });
}

/** Correlation of two lists. */
function correlation(x: number[], y: number[]): number {
  const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((v, k) => {
    xy += (v - mx) * (y[k] - my);
    xx += (v - mx) ** 2;
    yy += (y[k] - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
}

const QUIET = { noiseDeviation: 0, lagMicros: 0, releaseIntervalMicros: 0, surprisesPerHour: 0 };

describe('sentiment', () => {
  it('halves in ln 2 / -ln persistence bars, and is odd in the news', () => {
    const run = (shock: number) => {
      const one = probe('sentiment', {
        params: { ...QUIET, shock1: shock, shock1Micros: DAY, persistence: 0.5 ** (1 / 7) },
      });
      return Array.from({ length: 30 }, () => one.step(100));
    };
    const up = run(1.5);
    const down = run(-1.5);
    expect((up[8].state.level as number) / (up[1].state.level as number)).toBeCloseTo(0.5, 12);
    up.forEach((step, k) => {
      expect(step.targetLeverage).toBeCloseTo(-down[k].targetLeverage, 12);
    });
    expect(up[1].targetLeverage).toBeGreaterThan(0.5);
  });

  it('correlates agents as var(S) / (var(S) + var(noise))', () => {
    const deviation = 1.5;
    const one = probe('sentiment', {
      agents: 2,
      params: {
        ...QUIET, noiseDeviation: deviation, surprisesPerHour: 1, surpriseDeviation: 1, branching: 0,
      },
    });
    const mine: number[] = [];
    const other: number[] = [];
    const level: number[] = [];
    for (let k = 0; k < 20_000; k++) {
      one.step(100);
      mine.push(one.valueOf('signal', 0));
      other.push(one.valueOf('signal', 1));
      level.push(one.valueOf('level', 0));
      expect(one.valueOf('level', 1)).toBe(one.valueOf('level', 0));
    }
    const spread = level.reduce((a, b) => a + b * b, 0) / level.length;
    const expected = spread / (spread + deviation ** 2);
    expect(expected).toBeGreaterThan(0.3);
    expect(Math.abs(correlation(mine, other) - expected)).toBeLessThan(0.03);
  });

  it('reaches agents after lognormal lags around the median', () => {
    const one = probe('sentiment', {
      agents: 400, barMicros: 1e6, params: { ...QUIET, lagMicros: 20e6, lagSpread: 0.7 },
    });
    one.step(100);
    const logs = Array.from({ length: 400 }, (_, k) => Math.log(one.valueOf('lag', k) / 20e6));
    const mean = logs.reduce((a, b) => a + b, 0) / 400;
    const spread = Math.sqrt(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / 400);
    expect(Math.abs(mean)).toBeLessThan((4 * 0.7) / 20);
    expect(Math.abs(spread / 0.7 - 1)).toBeLessThan(0.15);
    const late = probe('sentiment', {
      barMicros: 1e6,
      params: { ...QUIET, lagMicros: 20e6, lagSpread: 0, shock1: 2, shock1Micros: 5e6 },
    });
    for (let k = 0; k < 40; k++) expect(late.step(100).targetLeverage > 0).toBe(k >= 25);
  });

  it('cuts before scheduled releases, and jumps at them, whatever the bar', () => {
    const run = (barMicros: number, hours: number) => {
      const one = probe('sentiment', {
        barMicros,
        params: {
          ...QUIET, firstReleaseMicros: 3600e6, releaseIntervalMicros: 7200e6, cutMicros: 600e6,
          shock1: 1, persistence: 1, cutShare: 0.25, releaseDeviation: 0.1, stepMicros: 60e6,
        },
      });
      return Array.from({ length: (hours * 3600e6) / barMicros }, () => one.step(100));
    };
    const minutes = run(60e6, 4);
    const at = (minute: number) => minutes[minute].targetLeverage;
    expect(at(50) / at(49)).toBeCloseTo(0.25, 12);
    expect(at(59)).toBe(at(50));
    expect(minutes[60].state.level).not.toBe(minutes[59].state.level);
    expect(at(61)).toBe(at(60));
    expect(at(170) / at(169)).toBeCloseTo(0.25, 12);
    const slow = run(600e6, 4);
    slow.forEach((step, k) => {
      expect(step.state.level).toBe(minutes[10 * k].state.level);
    });
  });

  it('hears of nothing before it is, however long its step', () => {
    const news = (params: Record<string, number>) => {
      const one = probe('sentiment', { params: { ...QUIET, persistence: 1, ...params } });
      return Array.from({ length: 5 }, () => one.step(100).state.level as number);
    };
    expect(news({ shock1: 1, shock1Micros: 1.5 * DAY })).toEqual([0, 0, 1, 1, 1]);
    expect(news({ shock2: 1, shock2Micros: 3 * DAY })).toEqual([0, 0, 0, 1, 1]);
    expect(news({ shock1: 2, shock1Micros: 0 })).toEqual([2, 2, 2, 2, 2]);
    const levels = news({ firstReleaseMicros: 1.25 * DAY, releaseIntervalMicros: 100 * DAY });
    expect(levels.slice(0, 2)).toEqual([0, 0]);
    expect(levels[2]).not.toBe(0);
    expect(levels[4]).toBe(levels[2]);
  });

  it('has surprises that excite others: a share of them, in the long run', () => {
    const count = (branching: number) => {
      const one = probe('sentiment', {
        barMicros: 60e6,
        params: { ...QUIET, surprisesPerHour: 0.6, surpriseDeviation: 1, persistence: 0, branching },
      });
      let news = 0;
      for (let k = 0; k < 60_000; k++) if (one.step(100).state.level !== 0) news++;
      return news / 600;
    };
    // Rate / (1 - branching) each minute, but that a minute holds one piece of news at most.
    expect(Math.abs(count(0) - 1)).toBeLessThan(0.16);
    expect(Math.abs(count(0.5) - 2)).toBeLessThan(0.35);
  });
});

describe('herding', () => {
  it('changes the count of optimists by exactly one with each change of mind', () => {
    const one = probe('herding', { agents: 30, params: { ownRate: 0.02, herdingRate: 0.002 } });
    const opinions = () => Array.from({ length: 30 }, (_, k) => one.valueOf('opinion', k));
    one.step(100);
    let before = opinions();
    let changes = 0;
    for (let t = 0; t < 300; t++) {
      const told = one.step(100);
      const after = opinions();
      const flipped = after.filter((x, k) => x !== before[k]).length;
      const up = after.filter((x, k) => x > before[k]).length;
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
      expect(after.every((x) => Math.abs(x) === 1)).toBe(true);
      expect((sum(after) - sum(before)) / 2).toBe(up - (flipped - up));
      // It trades when it changes, and only then.
      expect(told.orderUnits !== 0).toBe(after[0] !== before[0]);
      changes += flipped;
      before = after;
    }
    expect(changes).toBeGreaterThan(100);
  });

  it('switches with chance 1 - exp(-(own + herding x others))', () => {
    for (const [ownRate, herdingRate, crowd] of [[0.05, 0.01, -20], [0.2, 0, 4], [0, 0.03, 10]]) {
      const one = probe('herding', {
        params: { ownRate, herdingRate, optimistShare: 1 }, agents: 1,
      });
      one.step(100);
      one.batch.cohortCount = 40;
      one.batch.crowdSum[0] = crowd;
      let switched = 0;
      const turns = 20_000;
      for (let t = 0; t < turns; t++) {
        one.rows[one.strategy.at.opinion] = 1;
        one.batch.time[0] = t * DAY;
        one.strategy.decide(one.batch);
        if (one.valueOf('opinion') < 0) switched++;
      }
      const others = (40 - crowd) / 2;
      const chance = 1 - Math.exp(-(ownRate + herdingRate * others));
      const error = Math.sqrt((chance * (1 - chance)) / turns);
      expect(Math.abs(switched / turns - chance)).toBeLessThan(4 * error);
    }
  });
});

describe('disposition', () => {
  it('feels losses more than gains', () => {
    expect(prospectValue(-10)).toBeCloseTo(-17.067995, 6);
    expect(prospectValue(10)).toBeCloseTo(7.585776, 6);
    expect(prospectValue(0)).toBe(0);
  });

  /** Proportions of gains and of losses realised, as Odean counts them: on days with a sale. */
  function realised(params: Record<string, number>): { gains: number; losses: number } {
    const agents = 150;
    const one = probe('disposition', {
      agents, params: { hazard: 0.04, capitulationLoss: 1, buyChance: 0.3, ...params },
    });
    const lots = (agent: number) => Array.from({ length: 8 }, (_, k) => one.valueOf('lotPrices', agent, k));
    const counts = { gainSold: 0, gainKept: 0, lossSold: 0, lossKept: 0 };
    let price = 100;
    for (let t = 0; t < 400; t++) {
      const before = Array.from({ length: agents }, (_, k) => lots(k));
      price *= 1 + 0.02 * stream.normal(5, 0, t);
      one.step(price);
      for (let agent = 0; agent < agents; agent++) {
        const after = lots(agent);
        const sold = before[agent].map((paid, k) => paid > 0 && after[k] === 0);
        if (!sold.includes(true)) continue;
        before[agent].forEach((paid, k) => {
          if (paid === 0 || paid === price) return;
          const kind = price > paid ? 'gain' : 'loss';
          counts[`${kind}${sold[k] ? 'Sold' : 'Kept'}`]++;
        });
      }
    }
    return {
      gains: counts.gainSold / (counts.gainSold + counts.gainKept),
      losses: counts.lossSold / (counts.lossSold + counts.lossKept),
    };
  }

  it('realises gains more readily than losses, in a population counted as Odean did', () => {
    const { gains, losses } = realised({});
    expect(gains).toBeGreaterThan(losses);
    // Conditioning on a day with a sale draws the ratio of hazards, 1.51, towards 1.
    expect(gains / losses).toBeGreaterThan(1.15);
    expect(gains / losses).toBeLessThan(1.6);
  });

  it('realises both alike when the multiples are equal', () => {
    const { gains, losses } = realised({ gainMultiple: 1 });
    expect(Math.abs(gains / losses - 1)).toBeLessThan(0.06);
  });

  it('sells large gains and losses sooner with the slopes of the V', () => {
    const steep = realised({ gainMultiple: 1, gainSlope: 20, lossSlope: 5 });
    expect(steep.gains).toBeGreaterThan(1.1 * steep.losses);
  });

  it('holds its losers until it gives up, then stays out', () => {
    const given = { giveUpHazard: 0.1, capitulationMultiple: 10, pauseBars: 5 };
    const one = probe('disposition', { params: { ...given, valueWeight: 0, dispositionWeight: 0 } });
    expect(one.step(100).targetPositionUnits).toBeCloseTo(1000, 9);
    expect(one.step(61).targetPositionUnits).toBeCloseTo(1000, 9);
    // A chance of one, beyond a loss of 40 %.
    expect(one.step(59).targetPositionUnits).toBe(0);
    expect(one.valueOf('gaveUp')).toBe(1);
    for (let k = 0; k < 4; k++) expect(one.step(59).targetPositionUnits).toBe(0);
    expect(one.step(59).targetPositionUnits).toBeGreaterThan(0);
  });

  it('raises the hazard of deep losses tenfold', () => {
    const kept = (price: number) => {
      const one = probe('disposition', { agents: 400, params: { hazard: 0.02, buyChance: 1 } });
      for (let t = 0; t < 8; t++) one.step(100);
      const count = () => {
        let lots = 0;
        for (let agent = 0; agent < 400; agent++) {
          for (let k = 0; k < 8; k++) if (one.valueOf('lotPrices', agent, k) === 100) lots++;
        }
        return lots;
      };
      const before = count();
      one.step(price);
      return count() / before;
    };
    expect(Math.abs(1 - kept(61) - 0.02)).toBeLessThan(0.012);
    expect(Math.abs(1 - kept(59) - 0.2)).toBeLessThan(0.035);
  });

  it('anchors on the high of the last 52 windows, or on round prices', () => {
    const one = probe('disposition', { params: { anchorBars: 3 } });
    const prices = Array.from({ length: 400 }, (_, k) => 100 + 20 * stream.normal(6, 0, k));
    prices.forEach((price, k) => {
      one.step(Math.max(price, 20));
      const first = Math.max(Math.floor(k / 3) - 51, 0) * 3;
      const high = Math.max(...prices.slice(first, k + 1).map((p) => Math.max(p, 20)));
      expect(one.valueOf('anchor')).toBe(high);
    });
    const round = probe('disposition', { params: { roundPrice: 10, anchorWeight: 0.5 } });
    round.step(104);
    expect(round.valueOf('belief')).toBeCloseTo(102, 9);
    round.step(106);
    expect(round.valueOf('belief')).toBeCloseTo(108, 9);
  });
});

describe('adaptive-switching', () => {
  const rising = Array.from({ length: 60 }, (_, k) => 100 * 1.004 ** k);

  it('chooses blindly without intensity, and the trend while it pays', () => {
    const shares = [0, 2, 4].map((intensity) => {
      const one = probe('adaptive-switching', { params: { intensity, mixes: 1 } });
      for (const price of rising) one.step(price, { index: 100 });
      return one.valueOf('share');
    });
    expect(shares[0]).toBe(0.5);
    expect(shares[1]).toBeLessThan(0.2);
    expect(shares[2]).toBeLessThan(shares[1]);
  });

  it('draws a rule as often as its share, unless it holds the mix', () => {
    const one = probe('adaptive-switching', { agents: 500, params: { intensity: 1, leverage: 1 } });
    for (const price of rising.slice(0, 20)) one.step(price, { index: 100 });
    let fundamental = 0;
    for (let agent = 0; agent < 500; agent++) if (one.exposureOf(agent) < 0) fundamental++;
    const share = one.valueOf('share');
    expect(Math.abs(fundamental / 500 - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 500));
  });

  it('charges the fundamentalist its cost, and forgets', () => {
    const one = probe('adaptive-switching', {
      params: { cost: 0.3, memory: 0.5, aggressiveness: 0, steepness: 0 },
    });
    for (let k = 0; k < 60; k++) one.step(100 + (k % 2));
    expect(one.valueOf('fitnessFundamental')).toBeCloseTo(-0.3, 9);
    expect(one.valueOf('fitnessTrend')).toBe(0);
    expect(one.valueOf('share')).toBeCloseTo(1 / (1 + Math.exp(2 * 0.3)), 9);
  });

  it('has shares that add up to one, at any intensity', () => {
    for (const b of [0, 1, 50, 1e6]) {
      for (const gap of [-3, 0, 0.001, 800]) {
        const sum = logitShare(b, 1, 1 + gap) + logitShare(b, 1 + gap, 1);
        expect(sum).toBeCloseTo(1, 12);
      }
    }
  });
});
