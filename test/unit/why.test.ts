/** Stories of small venues with several instruments, told from a log on disk. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyText } from '../../scenarios/cli/why-text.js';
import { type Explanation, explainRun } from '../../scenarios/runtime/index.js';
import { LogFile, logFileName } from '../../scenarios/runtime/trace/index.js';
import { OrderKind } from '../../sim/venue/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';
import { traceMetadata } from '../support/trace-run.js';
import { VenueDesk } from '../support/venue-desk.js';

const BUY = 0;
const [first] = new VenueDesk().venue.spec.instruments;
let folder: string;
beforeAll(() => {
  folder = scratchFolder();
});
afterAll(() => remove(folder));

/** Stores what a venue said as a run, and asks about it. */
function ask(desk: VenueDesk, question: string, complete = true): Explanation {
  const one = { contract: 'linear' as const, multiplier: 1, quotePerLot: 1 };
  const instruments = [
    { ...one, name: 'PERP', quotePerTick: 1 },
    { ...one, name: 'OTHER', quotePerTick: 0.5 },
  ].slice(0, desk.venue.instruments.length);
  const file = new LogFile(join(folder, logFileName), { ...traceMetadata(), instruments });
  const log = new EventLog(file.onChunk);
  for (const row of desk.all) log.append(...(row as Parameters<EventLog['append']>));
  log.flush();
  file.finish(log.hash.hex());
  const scenario = { venue: { instruments: instruments.map(({ name }) => ({ name, mark: { kind: 'index' } })) } };
  const manifest = { format: 'stampede-run', formatVersion: 1, files: [], complete, scenario };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'summary.json'), JSON.stringify({ hash: 'none' }));
  const found = explainRun(folder, question);
  if (!('question' in found)) throw new Error('nobody was liquidated');
  return found;
}

/** Account 5 is long 100 lots of the first and short 40 of the second, with 20,000. */
function hedged(): VenueDesk {
  const instruments = [first, { ...first, name: 'OTHER' }];
  const desk = new VenueDesk({ accounts: 8, deposit: 0, venue: { instruments } });
  for (const [account, quanta] of [[0, 1e6], [5, 20_000], [6, 1e6]]) desk.venue.deposit(account, quanta);
  desk.venue.index(1, 0, 1000);
  desk.venue.index(1, 1, 1000);
  desk.venue.open(5, 0, 100, 100_000);
  desk.venue.open(6, 0, -100, -100_000);
  desk.venue.open(5, 1, -40, -40_000);
  desk.venue.open(6, 1, 40, 40_000);
  desk.venue.submit(2, 0, 0, 0, BUY, OrderKind.limit, 990, 500, 0, 0, 0, 0);
  return desk;
}

describe('why, of a cross account with two instruments', () => {
  it('tells the level in the instrument that crossed it, and the side held there', () => {
    const desk = hedged();
    desk.venue.index(3, 1, 1400);
    const found = ask(desk, '1');
    const { liquidation } = found;
    expect([liquidation.instrument, liquidation.side]).toEqual(['PERP', 'long']);
    expect([liquidation.breachInstrument, liquidation.breachSide]).toEqual(['OTHER', 'short']);
    // 20,000 - 40 x - 5,000 - 0.05 x 40 (1,000 + x) < 0: x = 310 is the first.
    expect(liquidation.levelQuote).toBe(1310 / 2);
    expect(liquidation.tippingMark).toEqual({ fromQuote: 500, toQuote: 700 });
    expect(liquidation.tippedBy.index).toEqual({ fromQuote: 500, toQuote: 700 });
    const text = whyText(found);
    expect(text).toContain('with the mark of OTHER at or above 655; the mark price rose from 500 to 700');
    expect(text).toContain('long of 100 lots of PERP');
  });

  it('adds no lots of one instrument to those of another', () => {
    const desk = hedged();
    desk.venue.index(3, 1, 1600);
    const { liquidation, cascade } = ask(desk, 'cascade');
    const sold = desk.rows.filter((row) => row[0] === 5).reduce((lots, row) => lots + row[5], 0);
    expect(desk.rows.some((row) => row[0] === 5 + 256)).toBe(true);
    expect([liquidation.closedLots, liquidation.side]).toEqual([sold, 'long']);
    expect([cascade.traders, cascade.liquidations]).toEqual([1, 1]);
  });

  it('says where the run was interrupted', () => {
    const desk = hedged();
    desk.venue.index(3, 1, 1400);
    expect(whyText(ask(desk, '1', false))).toContain('The run was interrupted');
    expect(whyText(ask(desk, '1'))).not.toContain('interrupted');
  });
});
