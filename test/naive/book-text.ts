/**
 * Order books as text tables, for tests that are read.
 *
 * One row per price, best asks at the bottom of theirs, best bids at the top: `bids | price |
 * asks`. An order is its lots and the letter of its account, `5a`, followed by `!` if it is
 * reduce-only; oldest first.
 */
import { OrderFlag, Side, TAPE, TapeKind } from '../../sim/book/index.js';
import type { OrderBook } from '../../sim/book/index.js';

const LETTER_A = 97;

/** Enters the orders of a table, top row first and left to right; returns their ids by position. */
export function fillBook(book: OrderBook, table: string): number[] {
  const ids: number[] = [];
  for (const line of rowsOf(table)) {
    const [bids, price, asks] = line.split('|').map((cell) => cell.trim());
    for (const [side, cell] of [bids, asks].entries()) {
      for (const order of cell!.split(/\s+/).filter(Boolean)) {
        const flags = order.endsWith('!') ? OrderFlag.reduceOnly : 0;
        const account =
          order.replace('!', '').charCodeAt(order.replace('!', '').length - 1) - LETTER_A;
        const id = book.limit(
          side,
          Number(price),
          Number.parseInt(order, 10),
          0,
          flags,
          account,
          0,
        );
        if (id < 0) throw new Error(`the order ${order} at ${price} does not rest: ${id}`);
        ids.push(id);
      }
    }
  }
  return ids;
}

/** Draws a book as a table. */
export function drawBook(book: OrderBook): string {
  const rows: [string, number, string][] = [];
  for (let tick = book.bestAsk(); tick !== -1; tick = book.nextLevel(Side.ask, tick)) {
    rows.unshift(['', tick, drawLevel(book, Side.ask, tick)]);
  }
  for (let tick = book.bestBid(); tick !== -1; tick = book.nextLevel(Side.bid, tick)) {
    rows.push([drawLevel(book, Side.bid, tick), tick, '']);
  }
  return rows.map((row) => row.join(' | ').trim()).join('\n');
}

/** Brings a table written in a test to the form `drawBook` gives. */
export function table(text: string): string {
  return rowsOf(text)
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join(' | ')
        .trim(),
    )
    .join('\n');
}

/**
 * Writes the tape of the last command: kind, lots, maker, price, what the maker has left, next
 * price.
 */
export function drawTape(book: OrderBook): string[] {
  const names = Object.entries(TapeKind);
  const rows: string[] = [];
  for (let at = 0; at < book.tapeCount * TAPE.stride; at += TAPE.stride) {
    const cell = (field: number) => book.tape[at + field]!;
    const kind = names.find(([, code]) => code === cell(TAPE.kind))![0];
    const account = String.fromCharCode(LETTER_A + cell(TAPE.makerAccount));
    const maker = cell(TAPE.makerId) === -1 ? `${account} itself` : account;
    const left = `leaves ${cell(TAPE.makerLeavesLots)}, next ${cell(TAPE.nextPriceTicks)}`;
    rows.push(`${kind} ${cell(TAPE.sizeLots)} ${maker} at ${cell(TAPE.priceTicks)} ${left}`);
  }
  return rows;
}

function drawLevel(book: OrderBook, side: number, tick: number): string {
  const orders: string[] = [];
  for (let id = book.firstOrderAt(side, tick); id !== -1; id = book.nextOrder(id)) {
    const account = String.fromCharCode(LETTER_A + book.accountOf(id));
    const mark = (book.flagsOf(id) & OrderFlag.reduceOnly) === 0 ? '' : '!';
    orders.push(`${book.leavesOf(id)}${account}${mark}`);
  }
  return orders.join(' ');
}

function rowsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
