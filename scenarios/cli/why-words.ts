/** The words of an explanation: events, parties, moves and times. */
import { describeTime } from '../../sim/trace/index.js';
import type { Move, Party, PushEvent, SharePart } from '../runtime/index.js';
import { whole } from './number-text.js';

const CENTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** Returns a price with the digits that moves of a tick need. */
export function priceText(value: number): string {
  return Math.abs(value) >= 100 ? CENTS.format(value) : String(Number(value.toPrecision(6)));
}

/** Returns `fell from 4,010 to 3,990 (-0.50 %)`. */
export function moved({ fromQuote, toQuote }: Move): string {
  if (fromQuote === toQuote) return `stayed at ${priceText(toQuote)}`;
  const way = toQuote < fromQuote ? 'fell' : 'rose';
  const change = 100 * (toQuote / fromQuote - 1);
  const sign = change > 0 ? '+' : '';
  const digits = Math.abs(change) < 0.01 ? 4 : 2;
  return `${way} from ${priceText(fromQuote)} to ${priceText(toQuote)} (${sign}${change.toFixed(digits)} %)`;
}

/** Returns `trader 833 of ladders (stop-ladder)`. */
export function partyText({ account, cohort, strategy }: Party): string {
  if (cohort === null) return `account ${account}, outside the population`;
  return `trader ${account} of ${cohort} (${strategy})`;
}

/** Returns an event as the subject of a clause, with what it did. */
export function pushText(event: PushEvent): string {
  const { kind, party, liquidation, last, tradedLots, index } = event;
  const name = eventName(kind, party, liquidation);
  if (index !== null) return `${name}: it ${moved(index)}`;
  if (last === null) return name;
  const verb = tradedLots < 0 ? 'sold' : 'bought';
  const lots = `${whole(Math.abs(tradedLots))} lots`;
  return `${name}, which ${verb} ${lots}; the last traded price ${moved(last)}`;
}

/** Returns a part of a split in a few words. */
export function shareText({ kind, party, liquidation, event }: SharePart): string {
  return event < 0 ? manyOf(kind) : eventName(kind, party, liquidation);
}

/** Returns many events of a kind in a few words. */
export function manyOf(kind: string): string {
  return MANY[kind] ?? 'many other events';
}

const MANY: Record<string, string> = {
  index: 'updates of the index, the price of other venues',
  clock: "the venue's own averaging of the mark price, as time passed",
  liquidation: 'further liquidations',
  rule: 'further orders of sizing rules',
  flow: 'further ordinary orders',
  liquidity: 'further orders of market makers',
  arbitrage: 'further orders of arbitrageurs',
  adversary: 'further orders of adversaries',
  stop: 'further stop orders',
  shock: 'further scheduled orders from outside',
};

function eventName(kind: string, party: Party | null, liquidation: number | null): string {
  const who = party === null ? 'nobody known' : partyText(party);
  switch (kind) {
    case 'index':
      return 'an update of the index, the price of other venues';
    case 'clock':
      return "the venue's own averaging of the mark price, as time passed";
    case 'funding':
      return 'a funding settlement';
    case 'fault':
      return 'the end of a trading halt';
    case 'shock':
      return 'a scheduled order from outside the population (the shock)';
    case 'stop':
      return `the stop order of ${who}`;
    case 'liquidation':
      return `liquidation ${liquidation === null ? '' : `${whole(liquidation)} `}(${who})`;
    case 'deleveraging':
      return `the deleveraging of ${who}`;
    case 'none':
      return 'something that is not known';
    default:
      return `an order of ${who}`;
  }
}

/** Returns the time of day of a moment to the millisecond, or the time into the run. */
export function clock(startEpochMillis: number, micros: number): string {
  if (startEpochMillis === 0) return describeTime(micros).slice(0, 12);
  return new Date(startEpochMillis + Math.floor(micros / 1000)).toISOString().slice(11, 23);
}

/** Returns the date and time of a moment, or the time into the run where the scenario has no date. */
export function instant(startEpochMillis: number, micros: number): string {
  const into = describeTime(micros).replace(/\.?0+$/, '');
  if (startEpochMillis === 0) return `${into} into the run`;
  const iso = new Date(startEpochMillis + micros / 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23).replace(/\.000$/, '')} UTC`;
}
