import { describe, expect, it } from 'vitest';
import { UserError } from '../../sim/kernel/index.js';
import { parsePriceFile } from '../../sim/oracle/index.js';

const HEADER = 'ts_ms,open,high,low,close,volume';
const T0 = 1_583_971_200_000;

function bars(...rows: string[]): string {
  return [HEADER, ...rows].join('\n');
}

function row(minute: number, prices = '10,12,9,11', more = '5'): string {
  return `${T0 + minute * 60_000},${prices},${more}`;
}

function failure(text: string): { code: string; message: string } {
  try {
    parsePriceFile(text, 'prices.csv');
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const { code, message, exitCode } = error as UserError;
    expect(exitCode).toBe(2);
    expect(message.split('\n')).toHaveLength(1);
    return { code, message };
  }
  throw new Error('the file was accepted');
}

describe('price files', () => {
  it('reads bars, ignoring further columns, line ends and a byte order mark', () => {
    const text = `\ufeff${HEADER},trades,vwap\r\n${row(0)},7,10.5\r\n${row(1, '11,11,8,9')},7,10\r\n\r\n`;
    const { bars: read, intervalMicros, missing, warning } = parsePriceFile(text, 'prices.csv');
    expect(intervalMicros).toBe(60_000_000);
    expect(missing).toBe(0);
    expect(warning).toBeUndefined();
    expect(read.startMillis).toBe(T0);
    expect([...read.open]).toEqual([10, 11]);
    expect([...read.high]).toEqual([12, 11]);
    expect([...read.low]).toEqual([9, 8]);
    expect([...read.close]).toEqual([11, 9]);
  });

  it('accepts an open outside low to high', () => {
    const { bars: read } = parsePriceFile(bars(row(0, '20,12,9,11'), row(1)), 'prices.csv');
    expect(read.open[0]).toBe(20);
  });

  it('infers the interval as the most frequent step, from a second to an hour', () => {
    for (const seconds of [1, 60, 300, 3600]) {
      const rows = [0, 1, 2, 4].map((k) => `${T0 + k * seconds * 1000},1,2,1,2,0`);
      const file = parsePriceFile(bars(...rows), 'prices.csv');
      expect(file.intervalMicros).toBe(seconds * 1_000_000);
      expect(file.bars.open).toHaveLength(5);
      expect(file.missing).toBe(1);
    }
  });

  it('bridges missing bars from the close before to the open after, with one warning', () => {
    const text = bars(row(0), row(1, '10,10,10,10'), row(4, '80,80,80,80'), row(5, '80,80,80,80'));
    const { bars: read, missing, warning } = parsePriceFile(text, 'prices.csv');
    expect(missing).toBe(2);
    expect(warning).toBe(
      'prices.csv: 2 of 6 bars were missing; bridged from the close before to the open after',
    );
    expect(read.open[2]).toBeCloseTo(10, 12);
    expect(read.close[2]).toBeCloseTo(Math.sqrt(800), 9);
    expect(read.open[3]).toBeCloseTo(Math.sqrt(800), 9);
    expect(read.close[3]).toBeCloseTo(80, 9);
    expect(read.low[2]).toBeLessThanOrEqual(read.high[2]);
  });

  it('reads kline dumps with and without a header, in milliseconds and microseconds', () => {
    const header =
      'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy,taker_quote,ignore';
    const dump = (scale: number) =>
      [0, 1]
        .map((k) => {
          const at = (T0 + k * 60_000) * scale;
          return `${at},10,12,9,11,5,${at + 59_999 * scale},55,3,2,20,0`;
        })
        .join('\n');
    for (const text of [dump(1), dump(1000), `${header}\n${dump(1)}`, `${header}\n${dump(1000)}`]) {
      const { bars: read, intervalMicros } = parsePriceFile(text, 'prices.csv');
      expect(read.startMillis).toBe(T0);
      expect(intervalMicros).toBe(60_000_000);
      expect([read.open[1], read.high[1], read.low[1], read.close[1]]).toEqual([10, 12, 9, 11]);
    }
  });

  it('reads kline rows as JSON', () => {
    const line = (k: number) =>
      `[${T0 + k * 60_000},"10","12","9","11","5",${T0 + k * 60_000 + 59_999},"1",1,"1","1","0"]`;
    const { bars: read } = parsePriceFile(`[${line(0)},\n${line(1)}]`, 'prices.json');
    expect([read.open[0], read.high[0], read.low[0], read.close[0]]).toEqual([10, 12, 9, 11]);
  });

  it('reads candles as CSV and JSON, newest first or last', () => {
    const seconds = T0 / 1000;
    const at = [seconds, seconds + 60];
    const csv = (order: number[]) =>
      ['time,low,high,open,close,volume', ...order.map((k) => `${at[k]},9,12,1${k},11,5`)].join('\n');
    const json = `[[${at[1]}, 9, 12, 11, 11, 5],\n [${at[0]}, 9, 12, 10, 11, 5]]`;
    for (const text of [csv([0, 1]), csv([1, 0]), json]) {
      const { bars: read } = parsePriceFile(text, 'candles');
      expect(read.startMillis).toBe(T0);
      expect([...read.open]).toEqual([10, 11]);
      expect([read.high[0], read.low[0], read.close[0]]).toEqual([12, 9, 11]);
    }
  });

  it('reads downloads with a banner line above their header', () => {
    const text = [
      'https://www.example.org/data',
      'unix,date,symbol,open,high,low,close,Volume BTC,Volume USD',
      `${T0 / 1000 + 60},2020-03-12 00:01:00,BTC/USD,11,12,9,11,5,50`,
      `${T0 / 1000},2020-03-12 00:00:00,BTC/USD,10,12,9,11,5,50`,
    ].join('\n');
    const { bars: read } = parsePriceFile(text, 'download.csv');
    expect(read.startMillis).toBe(T0);
    expect([...read.open]).toEqual([10, 11]);
  });

  const bad: [string, string, string, string][] = [
    ['empty', '', 'index/empty', 'prices.csv: file was empty, must hold at least two bars'],
    ['blank', '\n \n', 'index/empty', 'prices.csv: file was empty'],
    ['header only', HEADER, 'index/short', 'prices.csv: file had no bars, must hold at least two'],
    ['one row', bars(row(0)), 'index/short', 'prices.csv: file had one bar, must hold at least two'],
    ['wrong header', 'time_ms,o,h,l,c\n1,2,3,4,5', 'index/header', 'prices.csv:1: header was "time_ms,o,h,l,c", must be'],
    ['no header', '1,2,3,4,5,6\n2,2,3,4,5,6', 'index/header', 'prices.csv:1: header was "1,2,3,4,5,6"'],
    ['no volume', 'ts_ms,open,high,low,close\n1,1,1,1,1', 'index/header', 'prices.csv:1: header was'],
    ['duplicate', bars(row(0), row(1), row(1)), 'index/duplicate', `prices.csv:4: ts_ms was ${T0 + 60_000} again, must be later than line 3`],
    ['unsorted', bars(row(0), row(2), row(1)), 'index/unsorted', `prices.csv:4: ts_ms was ${T0 + 60_000}, must be later than line 3`],
    ['descending bars', bars(row(1), row(0)), 'index/unsorted', 'prices.csv:3: ts_ms was'],
    ['negative', bars(row(0), row(1, '10,12,-9,11')), 'index/range', 'prices.csv:3: low was -9, must be above 0'],
    ['zero', bars(row(0), row(1, '0,12,9,11')), 'index/range', 'prices.csv:3: open was 0, must be above 0'],
    ['word', bars(row(0), row(1, '10,12,9,abc')), 'index/number', 'prices.csv:3: close was "abc", must be a number above 0'],
    ['NaN', bars(row(0), row(1, '10,NaN,9,11')), 'index/number', 'prices.csv:3: high was "NaN"'],
    ['empty cell', bars(row(0), row(1, '10,,9,11')), 'index/number', 'prices.csv:3: high was ""'],
    ['Infinity', bars(row(0), row(1, '10,1e999,9,11')), 'index/number', 'prices.csv:3: high was "1e999"'],
    ['high below low', bars(row(0), row(1, '10,8,9,8.5')), 'index/range', 'prices.csv:3: high was 8, must be at least low (9)'],
    ['close outside', bars(row(0), row(1, '10,12,9,13')), 'index/range', 'prices.csv:3: close was 13, must be within low..high'],
    ['few columns', bars(row(0), `${T0 + 60_000},10,12`), 'index/columns', 'prices.csv:3: row was 3 columns, must be at least 5'],
    ['bad time', bars('noon,10,12,9,11,5', row(1)), 'index/time', 'prices.csv:2: ts_ms was "noon", must be an epoch time'],
    ['half a millisecond', bars(row(0), `${T0 + 0.5},10,12,9,11,5`), 'index/time', 'prices.csv:3: ts_ms was'],
    ['seconds as ts_ms', bars('1583971200,10,12,9,11,5', '1583971260,10,12,9,11,5'), 'index/interval', 'prices.csv: bar interval was 0.06 s, must be in 1 s to 1 h'],
    ['daily', bars(row(0), row(1440), row(2880)), 'index/interval', 'prices.csv: bar interval was 86400 s'],
    ['off the grid', bars(row(0), row(1), row(2), row(3.5)), 'index/interval', 'prices.csv:5: time was'],
    ['broken JSON', '[[1,2,3,4,5,6],', 'index/syntax', 'prices.csv: is not valid JSON'],
    ['JSON of numbers', '[1,2]', 'index/syntax', 'prices.csv:1: row was not an array'],
    ['a century of seconds', bars(...[0, 1, 2, 4e9].map((k) => `${k * 1000},1,1,1,1,1`)), 'index/span', 'prices.csv: file spans'],
  ];
  it.each(bad)('refuses: %s', (_, text, code, message) => {
    const found = failure(text);
    expect(found.message).toContain(message);
    expect(found.code).toBe(code);
  });

  it('names the line of a JSON row', () => {
    expect(failure('[[60, 9, 12, 10, 11, 5],\n[120, 9, 12, 10, 11, 5],\n[120, 9, 12, 10, 11, 5]]').message).toMatch(
      /^prices\.csv:3: time was 120000 again/,
    );
  });
});
