/** Orders from outside the population: the seeded book, and programs. */
import type { ExogenousOrder } from '../../sim/engine/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { durationMicros } from './duration.js';
import { flatTerms } from './flat/index.js';
import type { Scale } from './scale.js';
import type { Scenario } from './schema.js';

const LIMIT = 0;
const MARKET = 1;
const BID = 0;
const ASK = 1;
const SIZE_LOTS_MAX = 2_147_483_647;
const ORDERS_MAX = 1_000_000;
/** Time of the shock of a flat book. */
const SHOCK_MICROS = 1_000_000;

/** Lists exogenous orders in time order; equal times keep the order they are written in. */
export function buildExogenous(
  scenario: Scenario,
  scales: readonly Scale[],
  ticksMax: number,
): ExogenousOrder[] {
  const orders: ExogenousOrder[] = [];
  for (let i = 0; i < scales.length; i++) seedBook(scenario, scales, ticksMax, i, orders);
  for (let i = 0; i < scenario.exogenous.length; i++) {
    addProgram(scenario, scales, ticksMax, i, orders);
    if (orders.length <= ORDERS_MAX) continue;
    throw new UserError(
      'scenario/range',
      `exogenous[${i}]: was order ${orders.length} with the book and those before it, ` +
        `must be at most ${ORDERS_MAX} orders in all`,
    );
  }
  addShock(scenario, orders);
  return orders.sort((a, b) => a.timeMicros - b.timeMicros);
}

/** Rests the opening book level by level, bid before ask. */
function seedBook(
  scenario: Scenario,
  scales: readonly Scale[],
  ticksMax: number,
  instrument: number,
  orders: ExogenousOrder[],
): void {
  const { book } = scenario.venue.instruments[instrument];
  if (book === undefined) return;
  const { startTicks } = scales[instrument];
  const sizeLots = bookLevelLots(scenario, scales, instrument);
  for (let level = 0; level < book.levels; level++) {
    const distance = book.first + level * book.spacing;
    const common = { timeMicros: 0, instrument, kind: LIMIT, sizeLots };
    if (startTicks - distance >= 1)
      orders.push({ ...common, side: BID, priceTicks: startTicks - distance });
    if (startTicks + distance < ticksMax)
      orders.push({ ...common, side: ASK, priceTicks: startTicks + distance });
  }
}

/** Returns the size of a level of an instrument's seeded book, lots. */
export function bookLevelLots(
  scenario: Scenario,
  scales: readonly Scale[],
  instrument: number,
): number {
  const size = scenario.venue.instruments[instrument].book?.size ?? 0;
  const { lotsFactor } = scales[instrument];
  return Math.max(1, Math.round(size * lotsFactor * scenario.dials.depth));
}

/** The shock of a flat book: one sale of as many levels as its terms say. */
function addShock(scenario: Scenario, orders: ExogenousOrder[]): void {
  const terms = flatTerms(scenario);
  if (terms === null) return;
  const sizeLots = Math.round(terms.shockTicks * terms.levelLots * scenario.dials.shock);
  if (sizeLots < 1) return;
  orders.push({
    timeMicros: SHOCK_MICROS,
    instrument: 0,
    side: ASK,
    kind: MARKET,
    priceTicks: -1,
    sizeLots,
    isProgram: true,
  });
}

/** Spreads a program's lots evenly over its times, to the lot. */
function addProgram(
  scenario: Scenario,
  scales: readonly Scale[],
  ticksMax: number,
  position: number,
  orders: ExogenousOrder[],
): void {
  const program = scenario.exogenous[position];
  const wanted = scenario.venue.instruments.findIndex((one) => one.name === program.instrument);
  const instrument = Math.max(0, wanted);
  const scale = scales[instrument];
  const from = durationMicros(program.from);
  const until = program.until === undefined ? from : durationMicros(program.until);
  const every = durationMicros(program.every);
  const count = Math.floor((until - from) / every) + 1;
  const quotePerLot = scale.quotePerLot * (scale.inverse ? 1 : scale.startPrice);
  const lots = Math.round((program.notional * scenario.dials.shock) / quotePerLot);
  if (count > ORDERS_MAX || lots / count > SIZE_LOTS_MAX) {
    const was = `${count} orders of ${Math.ceil(lots / count)} lots`;
    throw new UserError(
      'scenario/range',
      `exogenous[${position}]: was ${was}, must be at most ${ORDERS_MAX} orders of ` +
        `${SIZE_LOTS_MAX} lots`,
    );
  }
  const price = Math.round(scale.startTicks * (1 + program.distance));
  const priceTicks = program.kind === 'limit' ? Math.min(Math.max(price, 1), ticksMax - 1) : -1;
  for (let k = 0; k < count; k++) {
    const sizeLots = Math.floor((lots * (k + 1)) / count) - Math.floor((lots * k) / count);
    if (sizeLots < 1) continue;
    orders.push({
      timeMicros: from + k * every,
      instrument,
      side: program.side === 'buy' ? BID : ASK,
      kind: program.kind === 'limit' ? LIMIT : MARKET,
      priceTicks,
      sizeLots,
      isProgram: true,
    });
  }
}

/**
 * Leaves programs an account of their own where a book was seeded, which they may then trade with;
 * else all orders belong to one account.
 */
export function withAccounts(orders: readonly ExogenousOrder[]): ExogenousOrder[] {
  if (orders.some((order) => order.isProgram !== true)) return orders.slice();
  return orders.map(({ isProgram: _, ...order }) => order);
}
