/** A cohort's execution and speed limit: as written, with defaults, drawn, and refused. */
import { describe, expect, it } from 'vitest';
import { buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

/** The small scenario with more keys in a cohort. */
function scenario(cohort: string, keys: string) {
  const text = SMALL_SCENARIO.replace(`name: ${cohort}\n`, `name: ${cohort}\n    ${keys}\n`);
  return resolveScenario(parseScenario(text, 'small.yaml'));
}

function built(keys: string) {
  const resolved = scenario('targets', keys);
  const spec = buildWorld(resolved, { seed: 3 });
  const c = spec.cohorts.findIndex(({ name }) => name === 'targets');
  return { resolved: resolved.population[c], cohort: spec.cohorts[c], drawn: spec.populate()[c] };
}

describe('execution', () => {
  it('is at market, without a limit, when left out, and draws nothing', () => {
    const { resolved, cohort, drawn } = built('margin: cross');
    expect(resolved.execution).toEqual({ policy: 'market' });
    expect(resolved.speedLimit).toBeUndefined();
    expect(cohort).not.toHaveProperty('execution');
    expect(cohort).not.toHaveProperty('speedLimit');
    expect(drawn).not.toHaveProperty('execution');
  });

  it('fills its defaults into the resolved scenario', () => {
    expect(built('execution: { policy: almgren-chriss }').resolved.execution).toEqual({
      policy: 'almgren-chriss', duration: '30m', slices: 10, riskAversion: 1e-4, volatility: 0.019,
      temporaryImpact: 0.25, permanentImpact: 0.025,
    });
    expect(built('execution: { policy: limit-join }').resolved.execution).toEqual({
      policy: 'limit-join', reprice: '1s', patience: '30s',
    });
  });

  it('is drawn by each agent, as everything else of a cohort', () => {
    const { cohort, drawn } = built(
      'execution: { policy: twap, slices: 7, duration: { dist: uniform, min: 1m, max: 2m } }\n' +
        '    speedLimit: 0.02',
    );
    expect(cohort.execution).toMatchObject({ policy: 'twap', slices: 7 });
    expect(cohort.speedLimit).toBe(0.02);
    const { horizonMicros, intervalMicros, rate } = drawn.execution!;
    expect(new Set(horizonMicros).size).toBe(cohort.count);
    for (const micros of horizonMicros) {
      expect(Number.isInteger(micros) && micros >= 60e6 && micros <= 120e6).toBe(true);
    }
    expect([...intervalMicros, ...rate].every((one) => one === 0)).toBe(true);
    const pov = built('execution: { policy: pov, rate: 0.2, look: 5s }').drawn.execution!;
    expect([pov.rate[0], pov.intervalMicros[0], pov.horizonMicros[0]]).toEqual([0.2, 5e6, 0]);
    const other = built('margin: cross').drawn;
    expect(drawn.phaseMicros).toEqual(other.phaseMicros);
  });

  it('keeps risk in proportion when there are fewer traders', () => {
    const keys = 'execution: { policy: almgren-chriss, riskAversion: 0.01 }';
    const half = scenario('targets', keys);
    half.dials.traders = 0.5;
    const spec = buildWorld(half, { seed: 3 });
    const c = spec.cohorts.findIndex(({ name }) => name === 'targets');
    expect(spec.populate()[c].execution!.rate[0]).toBe(0.005);
  });

  it('is refused where it means nothing or is out of range', () => {
    const refusals: [cohort: string, keys: string, message: RegExp][] = [
      ['noise', 'execution: { policy: twap }', /execution.*sends its own orders/],
      ['noise', 'speedLimit: 0.1', /speedLimit.*sends its own orders/],
      ['targets', 'execution: { policy: vwap }', /policy.*limit-join, twap, pov, almgren-chriss/],
      ['targets', 'execution: { policy: pov, rate: 2 }', /rate.*\(0, 1\]/],
      ['targets', 'execution: { policy: twap, slices: 0 }', /slices.*\[1, 1000\]/],
      ['targets', 'speedLimit: 0', /speedLimit.*\(0, 1000\]/],
    ];
    for (const [cohort, keys, message] of refusals) {
      expect(() => scenario(cohort, keys), keys).toThrow(message);
    }
  });
});
