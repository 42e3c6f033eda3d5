/** Real price files as the index: every format and scale at hand, and short runs on them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { readIndexFile } from '../../scenarios/runtime/index.js';
import { runInMemory } from '../../sim/engine/index.js';

const folder = process.env.STAMPEDE_DATA ?? join(process.cwd(), '..', 'shared', 'data');
if (!existsSync(folder)) throw new Error(`no market data in ${folder}; name its folder in STAMPEDE_DATA`);

const manifest = JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8')) as {
  file: string;
  kind: string;
  rows: number;
  step: number;
}[];
const present = new Set(readdirSync(folder));
const files = manifest.filter((entry) => entry.kind === 'ohlcv' && present.has(entry.file));

const library = (name: string) => {
  const file = join('scenarios', 'library', `${name}.yaml`);
  return resolveScenario(parseScenario(readFileSync(file, 'utf8'), file));
};

describe('price files', () => {
  it('are at hand', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  for (const { file, rows, step } of files) {
    it(`${file} is read whole`, () => {
      const { bars, warning } = readIndexFile(join(folder, file));
      expect(bars.intervalMicros).toBe(step * 1e6);
      const missing = bars.open.length - rows;
      expect(missing).toBeGreaterThanOrEqual(0);
      if (missing > 0) expect(warning).toContain(String(missing));
      else expect(warning).toBeUndefined();
      for (let i = 0; i < bars.open.length; i++) {
        expect(bars.high[i]).toBeGreaterThanOrEqual(bars.low[i]);
        expect(bars.low[i]).toBeGreaterThan(0);
      }
    });
  }
});

describe('runs on real minutes', () => {
  const cases = [
    ['black-thursday-2020', 'covid2020_bitfinex_btcusd_spot_1m.csv'],
    ['black-thursday-2020', 'usdc2023_kraken_usdcusd_spot_1m.csv'],
    ['black-thursday-2020', 'luna2022_binance_lunausdt_spot_1h.csv'],
    ['flash-crash', 'covid2020_bitfinex_ethusd_spot_1m.csv'],
    ['calm', 'calm2020_bitmex_xbtusd_perp_1m.csv.gz'],
    ['calm', 'feb2025_bybit_ethusdt_perp_5m.csv'],
  ];
  for (const [scenario, file] of cases) {
    it(`${scenario} trades on ${file}`, () => {
      const { bars } = readIndexFile(join(folder, file));
      const spec = buildWorld(library(scenario), { seed: 3, bars });
      expect(spec.durationMicros).toBe(bars.open.length * bars.intervalMicros);
      const hour = runInMemory(spec, { untilMicros: 3.6e9 });
      expect(hour.trades).toBeGreaterThan(200);
      const first = bars.open[0];
      expect(Math.abs(hour.price.startQuote / first - 1)).toBeLessThan(0.01);
      expect(hour.price.endQuote).toBeGreaterThan(first / 3);
    });
  }
});
