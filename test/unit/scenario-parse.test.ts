import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySettings, buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import type { ScenarioInput } from '../../scenarios/model/index.js';
import { UserError } from '../../sim/kernel/index.js';

const TINY = `name: tiny
time: { duration: 1m }
venue:
  name: venue
  instruments:
    - name: PERP
      contract: { kind: linear, tick: 0.5, lot: 0.001 }
      margin:
        leverageMax: 50
        tiers:
          - { floor: 0, maintenance: 0.005, initial: 0.01 }
          - { floor: 1000, maintenance: 0.01, initial: 0.02 }
      mark: { kind: last }
      index: { kind: constant, price: 8000 }
population:
  - name: retail
    strategy: buy-and-hold-levered
    count: 10
    params: { leverage: 5 }
    equity: 1000
    opening: { leverage: 5 }
  - name: hedgers
    strategy: buy-and-hold-levered
    count: 2
    balances: true
    equity: 50000
`;

function failure(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const found = error as UserError;
    expect(found.exitCode).toBe(2);
    expect(found.code).toMatch(/^scenario\//);
    expect(found.message.split('\n').length).toBeLessThanOrEqual(3);
    return found;
  }
  throw new Error('nothing was refused');
}

/** Replaces one piece of the tiny scenario and returns the refusal. */
function refused(from: string, to: string): UserError {
  expect(TINY).toContain(from);
  return failure(() => parseScenario(TINY.replace(from, to), 'tiny.yaml'));
}

const tiny = (): ScenarioInput => parseScenario(TINY, 'tiny.yaml');

describe('scenario text', () => {
  it('is read as written and resolved with every default', () => {
    const written = tiny();
    expect(written.dials).toBeUndefined();
    const scenario = resolveScenario(written);
    expect(scenario.dials).toEqual({ crowding: 0, leverage: 1, depth: 1, shock: 1, traders: 1 });
    expect(scenario.time.window).toBe('100ms');
    expect(scenario.venue.waterfall).toEqual(['insuranceFund', 'autoDeleverage', 'badDebt']);
    const [retail] = scenario.population;
    expect(retail.instrument).toBe('PERP');
    expect(retail.leverageMax).toBe(50);
    expect(retail.orderLatency).toBe('100ms');
    expect(Object.keys(retail.params)).toContain('direction');
    expect(resolveScenario(scenario)).toEqual(scenario);
    expect(resolveScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
  });

  const table: [string, string, string, string, string][] = [
    ['unknown key', 'time: { duration', 'tmie: { duration', 'scenario/key', 'tiny.yaml:2:1 tmie: unknown key, is not a key here (did you mean "time"?)'],
    ['unknown inner key', 'leverageMax: 50', 'leverageMaximum: 50', 'scenario/key', 'leverageMaximum: unknown key'],
    ['missing key', 'name: tiny\n', '', 'scenario/value', 'name: was missing, must be a name'],
    ['duration without unit', 'duration: 1m', 'duration: 60', 'scenario/value', 'tiny.yaml:2:19 time.duration: was 60, must be a duration in 1s to 365d'],
    ['wrong unit', 'duration: 1m', 'duration: 1min', 'scenario/value', 'time.duration: was "1min", must be a duration'],
    ['duration too short', 'duration: 1m', 'duration: 10ms', 'scenario/range', 'time.duration: was "10ms", must be a duration in 1s'],
    ['window beyond the engine', 'duration: 1m', 'duration: 1m, window: 1001ms', 'scenario/range', 'tiny.yaml:2:31 time.window: was "1001ms", must be a duration in 100us to 1s'],
    ['number out of range', 'maintenance: 0.005', 'maintenance: 0', 'scenario/range', 'tiny.yaml:11:38 venue.instruments[0].margin.tiers[0].maintenance: was 0, must be a number in (0, 0.99] [fraction of notional]'],
    ['negative', 'count: 10', 'count: -1', 'scenario/range', 'population[0].count: was -1, must be an integer in [0, 2000000] [agents]'],
    ['fraction for an integer', 'count: 10', 'count: 1.5', 'scenario/value', 'population[0].count: was 1.5, must be an integer'],
    ['NaN', 'count: 10', 'count: .nan', 'scenario/value', 'population[0].count: was NaN, must be an integer'],
    ['infinity', 'price: 8000', 'price: .inf', 'scenario/value', 'index.price: was Infinity, must be a number in (0, 1000000000] [quote]'],
    ['text for a number', 'leverageMax: 50', 'leverageMax: fifty', 'scenario/value', 'leverageMax: was "fifty", must be a number in [1, 1000] [leverage]'],
    ['wrong word', 'kind: linear', 'kind: linaer', 'scenario/value', 'contract.kind: was "linaer", must be one of linear, inverse (did you mean "linear"?)'],
    ['wrong variant', 'kind: last', 'kind: lats', 'scenario/value', 'mark.kind: was "lats", must have kind: one of fair, medianOfThree, last, index (did you mean "last"?)'],
    ['variant without its word', '{ kind: last }', '{}', 'scenario/value', 'mark: was a mapping, must have kind: one of'],
    ['text for a mapping', 'mark: { kind: last }', 'mark: last', 'scenario/value', 'mark: was "last", must have kind'],
    ['unknown strategy', 'buy-and-hold-levered\n    count: 10', 'buy-and-hold-leverd\n    count: 10', 'scenario/strategy', 'tiny.yaml:17:15 population[0].strategy: was "buy-and-hold-leverd", is not a strategy (did you mean "buy-and-hold-levered"?)'],
    ['unknown parameter', 'params: { leverage: 5 }', 'params: { levrage: 5 }', 'scenario/param', 'tiny.yaml:19:15 population[0].params.levrage: unknown key, is not a parameter (did you mean "leverage"?)'],
    ['parameter out of range', 'params: { leverage: 5 }', 'params: { leverage: 5000 }', 'scenario/range', 'tiny.yaml:19:25 population[0].params.leverage: was 5000, must be a number in [0, 150] [leverage]'],
    ['parameter in a wrong unit', 'params: { leverage: 5 }', 'params: { leverage: 5s }', 'scenario/unit', 'population[0].params.leverage: was "5s", must be a number, its unit is leverage'],
    ['unknown distribution', 'params: { leverage: 5 }', 'params: { leverage: { dist: norml, mean: 1, sd: 1 } }', 'scenario/value', 'population[0].params.leverage.dist: was "norml", must have dist'],
    ['distribution without its scale', 'equity: 1000', 'equity: { dist: lognormal, median: 100 }', 'scenario/value', 'population[0].equity.sigma: was missing, must be a number in (0, 20]'],
    ['distribution out of range', 'params: { leverage: 5 }', 'params: { leverage: { dist: uniform, min: 1, max: 500 } }', 'scenario/range', 'population[0].params.leverage.max: was 500, must be a number in [0, 150]'],
    ['upside-down distribution', 'equity: 1000', 'equity: { dist: uniform, min: 5, max: 2 }', 'scenario/range', 'population[0].equity.max: was 2, must be at least min'],
    ['weights of another length', 'equity: 1000', 'equity: { dist: choice, values: [1, 2], weights: [1] }', 'scenario/range', 'population[0].equity.weights: was a sequence, must be one weight for each value'],
    ['unknown key in a distribution', 'equity: 1000', 'equity: { dist: uniform, min: 5, max: 9, mean: 3 }', 'scenario/key', 'population[0].equity.mean: unknown key'],
    ['latency below the window', 'equity: 1000\n', 'equity: 1000\n    orderLatency: 20ms\n', 'scenario/range', 'population[0].orderLatency: was "20ms", must be at least the window (100ms)'],
    ['latency that may fall below it', 'equity: 1000\n', 'equity: 1000\n    feedLatency: { dist: uniform, min: 50ms, max: 1s }\n', 'scenario/range', 'population[0].feedLatency: was "50ms", must be at least the window'],
    ['latencies beyond their default cut', 'equity: 1000\n', 'equity: 1000\n    orderLatency: { dist: lognormal, median: 2m, sigma: 1 }\n', 'scenario/range', 'population[0].orderLatency.max: was missing, must be given with latencies of 2m (it is 60s by default)'],
    ['two cohorts of one name', 'name: hedgers', 'name: retail', 'scenario/value', 'population[1].name: was "retail", must be unique'],
    ['unknown instrument', 'balances: true', 'balances: true\n    instrument: PREP', 'scenario/value', 'population[1].instrument: was "PREP", must be one of PERP (did you mean "PERP"?)'],
    ['nobody on the other side', 'balances: true', 'balances: false', 'scenario/value', 'population[0].opening: was "given", must have a cohort with balances: true'],
    ['brackets out of order', 'floor: 1000', 'floor: 0', 'scenario/range', 'tiers[1].floor: was 0, must be above 0'],
    ['initial below maintenance', 'initial: 0.01 }', 'initial: 0.001 }', 'scenario/range', 'tiers[0].initial: was 0.001, must be at least maintenance'],
    ['leverage beyond maintenance', 'leverageMax: 50', 'leverageMax: 400', 'scenario/range', 'margin.leverageMax: was 400, must be below 1 / maintenance (200)'],
    ['no margin', '        tiers:\n          - { floor: 0, maintenance: 0.005, initial: 0.01 }\n          - { floor: 1000, maintenance: 0.01, initial: 0.02 }\n', '', 'scenario/value', 'margin.tiers: was missing, must be given, or margin.ladder'],
    ['dial beyond the engine', 'name: tiny\n', 'name: tiny\ndials: { traders: 1001 }\n', 'scenario/range', 'tiny.yaml:2:19 dials.traders: was 1001, must be a number in (0, 1000] [multiple]'],
    ['impossible instant', 'duration: 1m', 'duration: 1m, startsAt: 2020-02-30T00:00:00Z', 'scenario/range', 'time.startsAt: was "2020-02-30T00:00:00Z", must be an instant'],
    ['repeated key', 'name: tiny\n', 'name: tiny\nname: other\n', 'scenario/syntax', 'tiny.yaml:2:1 YAML: Map keys must be unique'],
    ['tab for a space', '  name: venue', '\tname: venue', 'scenario/syntax', 'tiny.yaml:4:'],
    ['unclosed bracket', 'time: { duration: 1m }', 'time: { duration: 1m', 'scenario/syntax', 'YAML: '],
    ['unknown alias', 'equity: 1000', 'equity: *nowhere', 'scenario/syntax', 'YAML: '],
    ['two documents', 'name: tiny\n', 'name: tiny\n---\nname: tiny\n', 'scenario/syntax', 'YAML: was more than one document (---), must be one'],
    ['a mapping for a key', 'name: tiny\n', 'name: tiny\n? { a: b }\n: 1\n', 'scenario/syntax', 'tiny.yaml:2:3 YAML: key was a sequence or a mapping, must be a word'],
    ['an alias of itself', 'name: tiny\n', 'name: tiny\ndials: &d { leverage: *d }\n', 'scenario/value', 'tiny.yaml:2:23 dials.leverage: was a mapping, must be a number'],
    ['a bracket on a bracket', 'name: tiny\n', `name: tiny\ndoc: ${'['.repeat(20_000)}\n`, 'scenario/syntax', 'YAML: was nested too deeply'],
    ['a key of two lines', 'count: 10', '"cou\\nnt\\e[31m": 10', 'scenario/key', 'tiny.yaml:18:5 population[0]."cou\\nnt\\u001b[31m": unknown key'],
    ['a number for a key', 'name: tiny\n', 'name: tiny\n5: 1\n', 'scenario/key', 'tiny.yaml:2:1 5: unknown key'],
    ['nothing for a key', 'name: tiny\n', 'name: tiny\nnull: 1\n', 'scenario/key', 'tiny.yaml:2:1 null: unknown key'],
    ['negative latency', 'equity: 1000\n', 'equity: 1000\n    feedLatency: -5ms\n', 'scenario/value', 'population[0].feedLatency: was "-5ms", must be a duration in 1us to 1h, such as "100ms"'],
    ['unit apart', 'equity: 1000\n', 'equity: 1000\n    period: 1 ms\n', 'scenario/value', 'population[0].period: was "1 ms", must be a duration in 1us to 30d, such as "100ms"'],
    ['percent in a parameter', 'params: { leverage: 5 }', 'params: { leverage: 15% }', 'scenario/value', 'population[0].params.leverage: was "15%", must be a number in ['],
    ['percent in a distribution', 'params: { leverage: 5 }', 'params: { leverage: { dist: constant, value: 15% } }', 'scenario/value', 'population[0].params.leverage.value: was "15%", must be a number in ['],
    ['set tag', 'time: {', 'dials: !!set {a, b}\ntime: {', 'scenario/syntax', 'tiny.yaml:2:14 YAML: was tagged !!set, must be written without that tag'],
    ['unknown tag', 'time: {', 'dials: !foo {leverage: 2}\ntime: {', 'scenario/syntax', 'tiny.yaml:2:13 YAML: was tagged !foo, must be'],
    ['negative duration in a parameter', 'params: { leverage: 5 }', 'params: { leverage: -5s }', 'scenario/value', 'population[0].params.leverage: was "-5s", must be a number in ['],
    ['negative duration in its distribution', 'params: { leverage: 5 }', 'params: { leverage: { dist: constant, value: -5s } }', 'scenario/value', 'population[0].params.leverage.value: was "-5s", must be a number in ['],
    ['forbidden key', 'name: tiny\n', 'name: tiny\n__proto__: { a: 1 }\n', 'scenario/key', '__proto__: unknown key'],
  ];
  it.each(table)('refuses: %s', (_, from, to, code, message) => {
    const found = refused(from, to);
    expect(found.message).toContain(message);
    expect(found.code).toBe(code);
    expect(found.message).toMatch(/^tiny\.yaml:\d+:\d+ /);
  });

  it.each([
    ['', 'scenario/value'],
    ['# only a comment\n', 'scenario/value'],
    ['just text', 'scenario/value'],
    ['[1, 2]', 'scenario/value'],
    ['null', 'scenario/value'],
  ])('refuses %j, which is no mapping', (text, code) => {
    const found = failure(() => parseScenario(text, 'x.yaml'));
    expect(found.message).toMatch(/^x\.yaml:1:1 scenario: was .*, must be a mapping with name, title/);
    expect(found.code).toBe(code);
  });

  it('refuses an index of too many updates', () => {
    const text = (duration: string) => TINY.replace('duration: 1m', `duration: ${duration}`).replace(
      'kind: constant, price: 8000', 'kind: gbm, price: 8000, volatility: 1, step: 100ms',
    );
    expect(failure(() => parseScenario(text('50d'), 'tiny.yaml')).message).toMatch(
      /^tiny\.yaml:14:\d+ venue\.instruments\[0\]\.index\.step: was "100ms", must make at most 40000000 updates in 50d \(was 43200000\)$/,
    );
    expect(() => parseScenario(text('46d'), 'tiny.yaml')).not.toThrow();
  });

  it('refuses a multifractal whose slowest component is faster than its fastest', () => {
    const text = TINY.replace(
      'kind: constant, price: 8000',
      'kind: multifractal, price: 8000, volatility: 1, shortest: 1h, longest: 1m',
    );
    expect(failure(() => parseScenario(text, 'tiny.yaml')).message).toMatch(
      /^tiny\.yaml:14:\d+ venue\.instruments\[0\]\.index\.longest: was "1m", must be at least shortest$/,
    );
    expect(() => parseScenario(text.replace('longest: 1m', 'longest: 2h'), 'tiny.yaml')).not.toThrow();
  });

  it.each([
    ['UTF-16', Buffer.from(TINY, 'utf16le').toString('utf8')],
    ['bytes', '\u0001\u0000\ufffd'],
  ])('refuses %s', (_, text) => {
    const found = failure(() => parseScenario(text, 'x.yaml'));
    expect(found.message).toBe('x.yaml:1:1 YAML: was binary or UTF-16, must be text in UTF-8');
    expect(found.code).toBe('scenario/syntax');
  });

  it('tells at most three things at once', () => {
    const text = TINY.replace('count: 10', 'count: a').replace('count: 2', 'count: b')
      .replace('equity: 1000', 'equity: c').replace('equity: 50000', 'equity: d');
    const lines = failure(() => parseScenario(text, 'tiny.yaml')).message.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe('and 2 more');
  });

  it('stops at a bomb of aliases', () => {
    const text = `a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c]\n`;
    const found = failure(() => parseScenario(text, 'bomb.yaml'));
    expect(found.code).toBe('scenario/syntax');
    expect(found.message).toMatch(/^bomb\.yaml:1:1 YAML: was more than the aliases/);
  });
});

describe('latencies without an end', () => {
  const withLatency = (latency: string, window = '100ms') =>
    parseScenario(
      TINY.replace('duration: 1m', `duration: 1m, window: ${window}`).replace(
        'equity: 1000\n',
        `equity: 1000\n    orderLatency: ${latency}\n`,
      ),
      'tiny.yaml',
    );

  it.each([
    ['{ dist: lognormal, median: 300ms, sigma: 4 }'],
    ['{ dist: normal, mean: 1s, sd: 10m }'],
    ['{ dist: pareto, min: 200ms, alpha: 0.3 }'],
  ])('%s: are cut at a minute, on record', (latency) => {
    const scenario = resolveScenario(withLatency(latency));
    expect(scenario.population[0].orderLatency).toMatchObject({ max: '60s' });
    expect(resolveScenario(scenario)).toEqual(scenario);
    const world = buildWorld(scenario, { seed: 3 });
    expect(world.latencyMicrosMax).toBe(60_000_000);
    const drawn = Math.max(...world.populate()[0].orderLatencyMicros);
    expect(drawn).toBeGreaterThan(1_000_000);
    expect(drawn).toBeLessThanOrEqual(60_000_000);
  });

  it('keep a written end', () => {
    const latency = '{ dist: lognormal, median: 300ms, sigma: 1, max: 10m }';
    const scenario = resolveScenario(withLatency(latency));
    expect(scenario.population[0].orderLatency).toMatchObject({ max: '10m' });
    expect(buildWorld(scenario, { seed: 3 }).latencyMicrosMax).toBe(600_000_000);
  });

  it.each([
    ['2m', '"2m"'],
    ['{ dist: uniform, min: 1s, max: 66s }', '"up to 66s"'],
    ['{ dist: lognormal, median: 5ms, sigma: 1, max: 1h }', '"up to 1h"'],
    ['{ dist: choice, values: [1s, 3m] }', '"up to 3m"'],
  ])('%s: refused beyond 65,536 windows of a millisecond', (latency, was) => {
    const found = failure(() => withLatency(latency, '1ms'));
    expect(found.code).toBe('scenario/range');
    expect(found.message).toMatch(/^tiny\.yaml:\d+:\d+ population\[0\]\.orderLatency: /);
    expect(found.message).toContain(
      `was ${was}, must stay within 65536 windows (65536ms): set a lower max or a longer time.window`,
    );
    expect(found.message).not.toContain('\n');
    expect(() => withLatency(latency, '60ms')).not.toThrow();
  });
});

describe('settings', () => {
  it('change values by path, number or name, and leave the original alone', () => {
    const before = tiny();
    const after = applySettings(before, [
      'dials.leverage=0.5',
      'population[0].count=20',
      'population.hedgers.count=3',
      'population.retail.params.leverage={dist: uniform, min: 1, max: 9}',
      'population.retail.params.leverage.max=10',
      'venue.instruments.PERP.index.price=1e4',
      'time.duration=2h30m',
    ]);
    expect(before).toEqual(tiny());
    expect(after.dials).toEqual({ leverage: 0.5 });
    expect(after.population.map((cohort) => cohort.count)).toEqual([20, 3]);
    expect(after.population[0].params?.leverage).toEqual({ dist: 'uniform', min: 1, max: 10 });
    expect(after.venue.instruments[0].index).toEqual({ kind: 'constant', price: 10000 });
    expect(after.time.duration).toBe('2h30m');
  });

  const table: [string, string, string][] = [
    ['dials.leverage', 'scenario/setting', '--set dials.leverage: was "dials.leverage", must be path=value'],
    ['=5', 'scenario/setting', 'must be path=value'],
    ['dials..leverage=5', 'scenario/setting', 'path was "dials..leverage", must be like'],
    ['dials.leverage=abc', 'scenario/value', '--set dials.leverage=abc: dials.leverage: was "abc", must be a number in (0, 100] [multiple]'],
    ['dials.leverage=', 'scenario/value', 'dials.leverage: was null, must be a number'],
    ['dials.leverge=1', 'scenario/key', 'dials.leverge: unknown key, is not a key here (did you mean "leverage"?)'],
    ['dials.traders=1e9', 'scenario/range', 'dials.traders: was 1000000000, must be a number in (0, 1000] [multiple]'],
    ['dials.traders=.nan', 'scenario/value', 'dials.traders: was NaN'],
    ['population[7].count=1', 'scenario/setting', 'population item was 7, must be in 0..1'],
    ['population.reatil.count=1', 'scenario/setting', 'must be one of retail, hedgers (did you mean "retail"?)'],
    ['population.retail.params.x=1', 'scenario/param', 'population[0].params.x: unknown key, must be one of leverage'],
    ['population.retail.orderLatency=1ms', 'scenario/range', 'must be at least the window'],
    ['time.window=1s', 'scenario/range', ''],
    ['__proto__.x=1', 'scenario/setting', '"__proto__" is not a key'],
    ['dials={leverage: 1', 'scenario/setting', 'value was not YAML'],
    ['dials.leverage=*a', 'scenario/setting', 'value was not YAML'],
  ];
  it.each(table)('refuse %s', (setting, code, message) => {
    const base = setting.startsWith('time.window')
      ? applySettings(tiny(), ['population.retail.orderLatency=200ms'])
      : tiny();
    const found = failure(() => applySettings(base, [setting]));
    expect(found.message).toContain(message);
    expect(found.message).toMatch(/^--set /);
    expect(found.code).toBe(code);
    expect(Object.prototype).not.toHaveProperty('x');
  });
});

describe('documentation', () => {
  it('keeps the resolved library readable as a scenario of its own', () => {
    const text = readFileSync('scenarios/library/calm.yaml', 'utf8');
    const scenario = resolveScenario(parseScenario(text, 'calm.yaml'));
    expect(parseScenario(JSON.stringify(scenario), 'manifest')).toEqual(scenario);
  });
});
