/**
 * Runs the order book, the trigger book and their naive twins side by side.
 *
 * Every command goes to both; afterwards the result, the tape, the lots, the best prices, the whole
 * depth and the hash must agree. Ids are matched by birth: the n-th order of one is the n-th of the
 * other.
 */
import { expect } from 'vitest';
import {
  FIRED,
  OrderBook,
  SelfTrade,
  Side,
  TAPE,
  TapeKind,
  TimeInForce,
  TriggerBook,
  TriggerOrder,
  TriggerQueue,
  TriggerSource,
} from '../../sim/book/index.js';
import { Hash64 } from '../../sim/kernel/index.js';
import { emptyTally } from './book-commands.js';
import type { BookCommand, LockstepOptions, LockstepTally } from './book-commands.js';
import { NaiveTriggerBook } from './book-triggers.js';
import type { NaiveTrigger } from './book-triggers.js';
import { NaiveOrderBook } from './order-book.js';

/** Both books, driven together. */
export class Lockstep {
  readonly book: OrderBook;
  readonly naive: NaiveOrderBook;
  readonly triggers: TriggerBook;
  readonly naiveTriggers: NaiveTriggerBook;
  readonly tally: LockstepTally = emptyTally();
  private readonly positions = new Map<number, number>();
  private readonly ids: number[] = [];
  private readonly naiveIds: number[] = [];
  private readonly birth = new Map<number, number>();
  private readonly triggerIds: number[] = [];
  private readonly naiveTriggerIds: number[] = [];
  private readonly triggerBirth = new Map<number, number>();
  private readonly slots = new Set<number>();
  private readonly queue = new TriggerQueue();
  private readonly ticks = new Int32Array(4096);
  private readonly lots = new Float64Array(4096);
  private readonly hash = new Hash64();
  private readonly checkEvery: number;
  private tag = 0;

  constructor(options: LockstepOptions = {}) {
    const reduceOnly = options.reduceOnly
      ? {
          closable: (account: number, side: number) => {
            const position = this.positions.get(account) ?? 0;
            return Math.max(0, side === Side.bid ? -position : position);
          },
        }
      : undefined;
    const shared = {
      selfTrade: options.selfTrade ?? SelfTrade.none,
      ticksLimit: options.ticksLimit ?? 1 << 22,
      ...(reduceOnly === undefined ? {} : { reduceOnly }),
    };
    this.book = new OrderBook({
      ...shared,
      ordersInitial: options.ordersInitial ?? 15,
      ticksInitial: options.ticksInitial ?? 64,
    });
    this.naive = new NaiveOrderBook(shared);
    this.triggers = new TriggerBook({ triggersInitial: 7, ticksLimit: shared.ticksLimit });
    this.naiveTriggers = new NaiveTriggerBook(shared.ticksLimit);
    this.checkEvery = options.checkEvery ?? 16;
  }

  /** Gives both books a command and compares everything. */
  run(command: BookCommand): void {
    switch (command.op) {
      case 'trigger':
        this.addTrigger(command);
        break;
      case 'untrigger':
        this.cancelTrigger(command.target);
        break;
      case 'price':
        this.fire(command.source, command.priceTicks);
        break;
      default:
        this.order(command);
    }
    if (this.tally.commands % this.checkEvery === 0) this.check();
  }

  /** Verifies the invariants of both fast books. */
  check(): void {
    this.book.check();
    this.triggers.check();
  }

  private order(command: BookCommand): void {
    const wasEmpty = this.book.bestBid() === -1 || this.book.bestAsk() === -1;
    let code = 0;
    let naiveCode = 0;
    const tag = this.tag;
    this.tag += 1;
    if (command.op === 'limit') {
      const { side, priceTicks, sizeLots, timeInForce, flags, account } = command;
      code = this.book.limit(side, priceTicks, sizeLots, timeInForce, flags, account, tag);
      naiveCode = this.naive.limit(side, priceTicks, sizeLots, timeInForce, flags, account, tag);
      this.settle(side, account);
    } else if (command.op === 'market') {
      const { side, sizeLots, protectionTicks, flags, account } = command;
      code = this.book.market(side, sizeLots, protectionTicks, flags, account, tag);
      naiveCode = this.naive.market(side, sizeLots, protectionTicks, flags, account, tag);
      this.settle(side, account);
    } else if (command.op === 'band') {
      this.book.setBand(command.lowTicks, command.highTicks);
      this.naive.setBand(command.lowTicks, command.highTicks);
    } else if (command.op === 'cancel' || command.op === 'replace' || command.op === 'shrink') {
      const at = this.ids.length === 0 ? -1 : command.target % this.ids.length;
      const id = at < 0 ? command.target : this.ids[at]!;
      const naiveId = at < 0 ? -1 : this.naiveIds[at]!;
      const live = at >= 0 && this.book.isLive(id);
      if (!live) this.tally.staleIds += 1;
      if (command.op === 'cancel') {
        code = this.book.cancel(id);
        naiveCode = this.naive.cancel(naiveId);
      } else {
        const side = live ? this.book.sideOf(id) : 0;
        const account = live ? this.book.accountOf(id) : 0;
        const shrink = command.op === 'shrink';
        const price = shrink ? (live ? this.book.priceOf(id) : 1) : command.priceTicks;
        const size = shrink
          ? live
            ? Math.ceil((this.book.leavesOf(id) * command.percent) / 100)
            : 1
          : command.sizeLots;
        code = this.book.replace(id, price, size);
        naiveCode = this.naive.replace(naiveId, price, size);
        this.settle(side, account);
        if (code === id) {
          expect(naiveCode, 'a kept id').toBe(naiveId);
          code = 0;
          naiveCode = 0;
        } else if (code > 0) {
          expect(naiveCode).not.toBe(naiveId);
        }
      }
      // A cancellation returns lots, not an id.
      if (command.op === 'cancel') {
        expect(code).toBe(naiveCode);
        this.compare(Math.min(code, 0), Math.min(naiveCode, 0));
        return;
      }
    }
    this.compare(code, naiveCode);
    const isEmpty = this.book.bestBid() === -1 || this.book.bestAsk() === -1;
    if (isEmpty && !wasEmpty && this.book.filledLots > 0) this.tally.swept += 1;
  }

  /** Posts the fills of the naive book to the positions the reduce-only guard reads. */
  private settle(side: number, account: number): void {
    const sign = side === Side.bid ? 1 : -1;
    for (const event of this.naive.events) {
      if (event.kind !== TapeKind.fill) continue;
      const maker = event.makerAccount;
      this.positions.set(account, (this.positions.get(account) ?? 0) + sign * event.sizeLots);
      this.positions.set(maker, (this.positions.get(maker) ?? 0) - sign * event.sizeLots);
    }
  }

  private compare(code: number, naiveCode: number): void {
    const { book, naive, tally } = this;
    tally.commands += 1;
    if (code > 0) {
      if (naiveCode <= 0) expect(naiveCode, 'an order rests').toBeGreaterThan(0);
      expect(this.birth.has(code), 'an id is handed out twice').toBe(false);
      if (this.slots.has(code & 0x7fffff)) tally.reusedSlots += 1;
      this.slots.add(code & 0x7fffff);
      this.birth.set(code, this.ids.length);
      this.ids.push(code);
      this.naiveIds.push(naiveCode);
    } else if (code !== naiveCode) {
      expect(code).toBe(naiveCode);
    }
    if (code <= -10) tally.refusals[code] = (tally.refusals[code] ?? 0) + 1;
    if (book.tapeCount !== naive.events.length) expect(book.tapeCount).toBe(naive.events.length);
    for (let row = 0; row < book.tapeCount; row += 1) this.compareRow(row);
    const numbers = [book.filledLots, book.leavesLots, book.bestBid(), book.bestAsk()];
    numbers.push(book.liveOrders());
    const naiveNumbers = [naive.filledLots, naive.leavesLots, naive.bestBid(), naive.bestAsk()];
    naiveNumbers.push(naive.liveOrders());
    if (numbers.some((value, i) => value !== naiveNumbers[i])) {
      expect(numbers, 'filled, leaves, bid, ask, live').toEqual(naiveNumbers);
    }
    this.compareDepth();
    this.compareHash();
  }

  private compareRow(row: number): void {
    const event = this.naive.events[row]!;
    const tape = this.book.tape;
    const at = row * TAPE.stride;
    const id = tape[at + TAPE.makerId]!;
    const naiveId = id === -1 ? -1 : this.naiveIds[this.birth.get(id) ?? -1];
    const same =
      naiveId === event.makerId &&
      tape[at + TAPE.kind] === event.kind &&
      tape[at + TAPE.makerAccount] === event.makerAccount &&
      tape[at + TAPE.makerTag] === event.makerTag &&
      tape[at + TAPE.priceTicks] === event.priceTicks &&
      tape[at + TAPE.sizeLots] === event.sizeLots &&
      tape[at + TAPE.makerLeavesLots] === event.makerLeavesLots &&
      tape[at + TAPE.nextPriceTicks] === event.nextPriceTicks;
    if (!same) {
      const seen = [...tape.subarray(at, at + TAPE.stride)];
      expect({ row, seen, naiveId }).toEqual({ row, seen: event, naiveId: event.makerId });
    }
    if (event.kind === TapeKind.fill) this.tally.fills += 1;
    else if (event.kind === TapeKind.reduceOnlyTrim) this.tally.trims += 1;
    else this.tally.selfTrades += 1;
  }

  private compareDepth(): void {
    for (let side = 0; side < 2; side += 1) {
      const count = this.book.depth(side, this.ticks.length, this.ticks, this.lots);
      const levels = this.naive.levels(side);
      let same = count === levels.length;
      for (let level = 0; same && level < count; level += 1) {
        same = this.ticks[level] === levels[level]![0] && this.lots[level] === levels[level]![1];
      }
      if (same) continue;
      const seen = Array.from({ length: count }, (_, i) => [this.ticks[i], this.lots[i]]);
      expect(seen, `depth of side ${side}`).toEqual(levels);
    }
  }

  private compareHash(): void {
    this.hash.reset();
    this.book.hash(this.hash);
    this.triggers.hash(this.hash);
    const seen = this.hash.hex();
    this.hash.reset();
    this.naive.hash(this.hash);
    this.naiveTriggers.hash(this.hash);
    const naive = this.hash.hex();
    if (seen !== naive) expect(seen, 'hash').toBe(naive);
  }

  private addTrigger(trigger: Omit<NaiveTrigger, 'id' | 'tag'>): void {
    const tag = this.tag;
    this.tag += 1;
    const code = this.triggers.add(
      trigger.source,
      trigger.direction,
      trigger.triggerTicks,
      trigger.orderKind,
      trigger.side,
      trigger.limitTicks,
      trigger.sizeLots,
      trigger.flags,
      trigger.account,
      tag,
    );
    const { source, direction, triggerTicks, orderKind, side, limitTicks } = trigger;
    const { sizeLots, flags, account } = trigger;
    const where = { source, direction, triggerTicks, orderKind, side, limitTicks };
    const naiveCode = this.naiveTriggers.add({ ...where, sizeLots, flags, account, tag });
    this.tally.commands += 1;
    if (code > 0) {
      expect(naiveCode).toBeGreaterThan(0);
      expect(this.triggerBirth.has(code), 'a trigger id is handed out twice').toBe(false);
      this.triggerBirth.set(code, this.triggerIds.length);
      this.triggerIds.push(code);
      this.naiveTriggerIds.push(naiveCode);
    } else {
      expect(code).toBe(naiveCode);
    }
    this.compareTriggers();
  }

  private cancelTrigger(target: number): void {
    const at = this.triggerIds.length === 0 ? -1 : target % this.triggerIds.length;
    const code = this.triggers.cancel(at < 0 ? target : this.triggerIds[at]!);
    const naiveCode = this.naiveTriggers.cancel(at < 0 ? -1 : this.naiveTriggerIds[at]!);
    expect(code).toBe(naiveCode);
    this.tally.commands += 1;
    this.compareTriggers();
  }

  private compareTriggers(): void {
    const { triggers, naiveTriggers } = this;
    for (let source = 0; source < 3; source += 1) {
      const rise = naiveTriggers.nearest(source, 1);
      const fall = naiveTriggers.nearest(source, -1);
      if (triggers.nextRise(source) !== rise) expect(triggers.nextRise(source)).toBe(rise);
      if (triggers.nextFall(source) !== fall) expect(triggers.nextFall(source)).toBe(fall);
    }
    expect(triggers.liveTriggers()).toBe(naiveTriggers.waiting.length);
    this.compareHash();
  }

  /** Moves a source and sends what fires, whose trades move the last price, until nothing fires. */
  private fire(source: number, priceTicks: number): void {
    const queue = this.queue;
    queue.clear();
    const due = this.collect(source, priceTicks);
    for (let at = 0; at < queue.count; at += 1) {
      this.compareFired(at, due[at]!);
      const fired = due[at]!;
      const { side, sizeLots, limitTicks, flags, account } = fired;
      const timeInForce = TimeInForce.gtc;
      const protectionTicks = limitTicks;
      if (fired.orderKind === TriggerOrder.limit) {
        this.order({
          op: 'limit',
          side,
          priceTicks: limitTicks,
          sizeLots,
          timeInForce,
          flags,
          account,
        });
      } else {
        this.order({ op: 'market', side, sizeLots, protectionTicks, flags, account });
      }
      const trades = this.naive.events.filter((event) => event.kind === TapeKind.fill);
      for (const trade of trades) due.push(...this.collect(TriggerSource.last, trade.priceTicks));
    }
    this.tally.commands += 1;
    this.compareTriggers();
  }

  private collect(source: number, priceTicks: number): NaiveTrigger[] {
    const expected = this.triggers.isDue(source, priceTicks);
    const count = this.triggers.fire(source, priceTicks, this.queue);
    const due = this.naiveTriggers.fire(source, priceTicks);
    expect(count).toBe(due.length);
    expect(expected).toBe(count > 0);
    this.tally.fired += count;
    return due;
  }

  private compareFired(at: number, fired: NaiveTrigger): void {
    const row = [...this.queue.rows.subarray(at * FIRED.stride, (at + 1) * FIRED.stride)];
    const id = this.naiveTriggerIds[this.triggerBirth.get(row[FIRED.id]!) ?? -1];
    const { source, direction, triggerTicks, orderKind, side, limitTicks } = fired;
    const { sizeLots, flags, account, tag } = fired;
    expect([id, ...row.slice(1, 11)]).toEqual([
      fired.id,
      source,
      direction,
      triggerTicks,
      orderKind,
      side,
      limitTicks,
      sizeLots,
      flags & 3,
      account,
      tag,
    ]);
  }
}
