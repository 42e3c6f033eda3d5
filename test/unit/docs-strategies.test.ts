/** The pages about strategies say what the declarations say. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { metricInfos } from '../../sim/metrics/index.js';
import { cardsPage } from '../../scenarios/cli/docs/cards-page.js';
import { cards } from '../../scenarios/cli/docs/cards.js';
import { jsonField } from '../../scenarios/cli/docs/expected-text.js';
import { metricsPage } from '../../scenarios/cli/docs/metrics-page.js';
import { strategiesPage } from '../../scenarios/cli/docs/strategies-page.js';
import { tinyRule } from '../support/tiny-rule.js';

const page = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('the page about metrics', () => {
  it('is what the declarations give (else run: npm run docs)', () => {
    const isFresh = page('metrics.md') === metricsPage(metricInfos);
    expect(isFresh, 'docs/metrics.md is stale; run: npm run docs').toBe(true);
  });

  it('names every metric once, in full sentences', () => {
    const names = metricInfos.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const info of metricInfos) {
      expect(info.name).toMatch(/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$/);
      expect(info.doc, info.name).toMatch(/^[A-Z].*\.$/);
      for (const [key, text] of Object.entries(info)) expect(text, `${info.name}.${key}`).not.toBe('');
    }
  });
});

describe('the pages about strategies', () => {
  it.each([
    ['strategies.md', strategiesPage],
    ['strategy-cards.md', cardsPage],
  ] as const)('docs/%s is what the declarations give (else run: npm run docs)', (name, write) => {
    const isFresh = page(name) === write(registry);
    expect(isFresh, `docs/${name} is stale; run: npm run docs`).toBe(true);
  });

  it('name every strategy and every card, and no card that is none', () => {
    const strategies = strategiesPage(registry);
    for (const { name } of registry) expect(strategies).toContain(`\n### ${name}\n`);
    const mapped = cardsPage(registry);
    for (const { name } of cards) expect(mapped).toMatch(new RegExp(`^(\\| ${name} \\||- \\*\\*${name}\\*\\*)`, 'm'));
    const known = cards.map(({ name }) => name);
    const wild = registry.flatMap(({ name, examples }) =>
      examples.filter(({ card }) => card !== undefined && !known.includes(card)).map(() => name),
    );
    expect(wild).toEqual([]);
    for (const { tested } of cards) {
      for (const name of tested?.strategies ?? []) expect(registry.map((one) => one.name)).toContain(name);
    }
  });

  it('print the command and the numbers of an example', () => {
    const rule = tinyRule({
      params: { size: { doc: 'Its size', default: 2, unit: 'quote', source: 'practice: two' } },
      examples: [{
        card: 'A1',
        doc: 'It',
        prices: [1, 2],
        equity: 5,
        position: -2,
        entry: 3,
        set: { size: 4, period: 3600e6, lot: 1, band: 0.5 },
        expect: [{ field: 'gain.down', from: 1, values: [7] }, { field: 'state.r.3', values: [0, -1.5] }],
      }],
    });
    const text = strategiesPage([rule]);
    const command =
      'stampede probe tiny --prices 1,2 --equity 5 --position -2 --entry 3 --set size=4 ' +
      '--set period=1h --lot 1 --set band=0.5 --gain';
    expect(text).toContain(`\n${command}\n`);
    expect(text).toContain('- `steps[1].gain.down` = 7\n- `steps[0..1].state.r[3]` = 0, -1.5\n');
    expect(text).toContain('| `size` | Its size | quote | -1000000000 to 1000000000 | 2 | practice | practice: two |');
    expect(cardsPage([rule])).toContain(`\`${command} --json\``);
    expect(jsonField({ field: 'orders.0.priceQuote', values: [1] })).toBe('steps[0].orders[0].priceQuote');
  });
});
