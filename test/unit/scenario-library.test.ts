import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  applySettings,
  buildWorld,
  parseScenario,
  resolveScenario,
  scenarioJsonSchema,
  scenarioJsonSchemaText,
} from '../../scenarios/model/index.js';
import type { Scenario } from '../../scenarios/model/index.js';
import type { CohortPopulation, WorldSpec } from '../../sim/engine/index.js';

const FOLDER = 'scenarios/library/';
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const HOUR = 3_600_000_000;

function load(file: string, settings: string[] = []): Scenario {
  const written = parseScenario(readFileSync(FOLDER + file, 'utf8'), file);
  return resolveScenario(applySettings(written, settings));
}

function checkPopulation(world: WorldSpec, drawn: CohortPopulation[]): void {
  const lots = new Float64Array(world.venue.instruments.length);
  world.cohorts.forEach((cohort, c) => {
    const one = drawn[c];
    expect(one.params).toHaveLength(cohort.count * cohort.strategy.paramNames.length);
    cohort.strategy.paramNames.forEach((name, k) => {
      const { min, max, integer } = cohort.strategy.params[name];
      for (let i = 0; i < cohort.count; i++) {
        const value = one.params[i * cohort.strategy.paramNames.length + k];
        if (!(value >= min && value <= max)) throw new Error(`${cohort.name}.${name} ${value}`);
        if (integer === true && !Number.isInteger(value)) throw new Error(`${name} ${value}`);
      }
    });
    for (let i = 0; i < cohort.count; i++) {
      const whole = [
        one.openingLots[i], one.openingCostQuanta[i], one.depositQuanta[i], one.phaseMicros[i],
        one.feedLatencyMicros[i], one.orderLatencyMicros[i],
      ];
      if (!whole.every(Number.isSafeInteger)) throw new Error(`${cohort.name} ${i}: ${whole}`);
      if (!(one.depositQuanta[i] > 0 && one.initialEquityQuote[i] > 0)) {
        throw new Error(`${cohort.name} ${i}: deposit ${one.depositQuanta[i]}`);
      }
      for (const latency of [one.feedLatencyMicros[i], one.orderLatencyMicros[i]]) {
        if (latency < world.windowMicros || latency > world.latencyMicrosMax) {
          throw new Error(`${cohort.name}: latency ${latency}`);
        }
      }
      lots[cohort.instrument] += one.openingLots[i];
    }
  });
  expect([...lots].every((sum) => sum === 0)).toBe(true);
}

const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false }).compile(
  scenarioJsonSchema(),
);

describe.each(files)('%s', (file) => {
  it('names its schema, its own name, and passes the published schema', () => {
    const text = readFileSync(FOLDER + file, 'utf8');
    expect(text.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=../model/scenario.schema.json',
    );
    expect(load(file).name).toBe(file.replace('.yaml', ''));
    expect(validate(parse(text)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(validate({ ...parse(text), tmie: 1 })).toBe(false);
  });

  it('builds a world whose population is sound', () => {
    const world = buildWorld(load(file), { seed: 1 });
    expect(world.index).toHaveLength(world.venue.instruments.length);
    for (const { timesMicros, priceTicks } of world.index) {
      expect(timesMicros[0]).toBe(0);
      for (let i = 1; i < timesMicros.length; i++) {
        if (!(timesMicros[i] > timesMicros[i - 1])) throw new Error(`index time ${i}`);
      }
      for (const ticks of priceTicks) {
        if (!(ticks >= 1 && ticks * 3.99 < world.ticksMax)) throw new Error(`index ${ticks}`);
      }
    }
    checkPopulation(world, world.populate());
  });

  it('gives every cohort a source', () => {
    for (const cohort of load(file).population) expect(cohort.source, cohort.name).toBeTruthy();
  });

  it.each([
    ['dials.crowding=1'],
    ['dials.leverage=0.005'],
    ['dials.leverage=3'],
    ['dials.traders=0.1'],
    ['dials.shock=2'],
    ['dials.depth=0.1'],
  ])('holds together with %s', (setting) => {
    const world = buildWorld(load(file, [setting]), { seed: 2 });
    checkPopulation(world, world.populate());
  });
});

describe.each(files.filter((file) => load(file).statement !== ''))('%s, which states something', (file) => {
  const scenario = load(file);

  it('explains itself, cites, and gives intervals and seeds', () => {
    expect(scenario.doc.split('\n').filter((line) => line !== '')).toHaveLength(1);
    expect(scenario.doc.length).toBeGreaterThan(200);
    expect(scenario.sources.length).toBeGreaterThan(0);
    expect(scenario.statement).toMatch(/[Ss]eeds \d+ to \d+.*\[-?[\d.]+, -?[\d.]+\]/);
    expect(existsSync(`test/library/${scenario.name}.test.ts`)).toBe(true);
  });

  it('has 2,000 traders of four families over four hours', () => {
    const world = buildWorld(scenario, { seed: 1 });
    const traders = world.cohorts.reduce((sum, cohort) => sum + cohort.count, 0);
    expect(traders).toBeGreaterThanOrEqual(2000);
    expect(new Set(world.cohorts.map((one) => one.strategy.family)).size).toBeGreaterThanOrEqual(4);
    expect(world.durationMicros).toBeGreaterThanOrEqual(4 * HOUR);
  });
});

describe('black-thursday-2020', () => {
  const scenario = load('black-thursday-2020.yaml');
  const world = buildWorld(scenario, { seed: 0 });

  it('has the published rules and prices', () => {
    const [instrument] = world.venue.instruments;
    expect(world.durationMicros).toBe(48 * HOUR);
    expect(world.windowMicros).toBe(100_000);
    expect(instrument.contract).toEqual({
      kind: 'inverse', multiplier: 2e9, quotePerTick: 0.5, quotePerLot: 10,
    });
    expect(instrument.leverageMax).toBe(100);
    expect(instrument.margin.tiers[0]).toEqual({
      floorQuanta: 0, maintenanceRate: 5000, initialRate: 10_000,
    });
    expect(instrument.margin.tiers[2]).toEqual({
      floorQuanta: 300e8, maintenanceRate: 8000, initialRate: 13_000,
    });
    expect(instrument.mark).toEqual({ kind: 'fair' });
    expect(world.venue.insuranceFundQuanta).toBe(35_500e8);
    expect(instrument.funding).toMatchObject({ intervalMicros: 8 * HOUR, firstAtMicros: 4 * HOUR });
    const minute = HOUR / 60;
    expect(world.faults).toEqual([
      { kind: 'halt', fromMicros: 26 * HOUR + 16 * minute, untilMicros: 26 * HOUR + 40 * minute },
    ]);
    const at = (seconds: number) => world.index[0].priceTicks[seconds] / 2;
    expect([at(0), at(11 * 3600), at(26 * 3600), at(26.25 * 3600), at(48 * 3600)]).toEqual([
      7990, 5930, 4290, 4000, 5570,
    ]);
  });

  it('has at least 10,000 traders of all shipped families, heavy-tailed', () => {
    const count = world.cohorts.reduce((sum, cohort) => sum + cohort.count, 0);
    expect(count).toBeGreaterThanOrEqual(10_000);
    expect(new Set(world.cohorts.map((cohort) => cohort.strategy.name)).size).toBe(11);
    const retail = world.populate()[0];
    const equity = [...retail.initialEquityQuote].sort((a, b) => b - a);
    const tail = equity.slice(0, 200);
    const hill = 1 / (tail.reduce((sum, x) => sum + Math.log(x / tail.at(-1)!), 0) / tail.length);
    expect(hill).toBeGreaterThan(0.9);
    expect(hill).toBeLessThan(1.5);
  });
});

describe('the published schema', () => {
  it('is up to date', () => {
    // Renew with: npx stampede schema > scenarios/model/scenario.schema.json
    const published = readFileSync('scenarios/model/scenario.schema.json', 'utf8');
    expect(published === scenarioJsonSchemaText()).toBe(true);
  });

  it('describes every key and bounds every number', () => {
    const missing: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, Record<string, unknown>> };
      for (const [key, value] of Object.entries(properties ?? {})) {
        // What repeats a key under a condition describes its parts only.
        const isConditional = /\/(if|then)$/.test(path);
        if (!isConditional && typeof value.description !== 'string') missing.push(`${path}.${key}`);
      }
      for (const [key, value] of Object.entries(node)) visit(value, `${path}/${key}`);
    };
    visit(scenarioJsonSchema(), '');
    expect(missing).toEqual([]);
  });
});
