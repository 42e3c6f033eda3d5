/** Causes in words: what kind of event it was, and whose. */
import { CauseKind } from '../../sim/trace/index.js';
export { causeKindNames } from '../../sim/trace/index.js';
import { groupText } from './formats.js';

/** What can be named: an event's kind, who made it, and which liquidation it was, 0 for none. */
export interface NamedEvent {
  kind: CauseKind;
  account: number;
  /** Empty outside the population. */
  cohort: string;
  liquidation: number;
}

const WORDS: Readonly<Record<CauseKind, string>> = {
  [CauseKind.none]: 'many events too small to name',
  [CauseKind.index]: 'an index update',
  [CauseKind.clock]: 'the mark catching up with time',
  [CauseKind.funding]: 'a funding payment',
  [CauseKind.fault]: 'the end of a halt',
  [CauseKind.shock]: 'a scheduled order from outside',
  [CauseKind.flow]: 'an ordinary order',
  [CauseKind.liquidity]: 'a market maker\u2019s order',
  [CauseKind.arbitrage]: 'an arbitrageur\u2019s order',
  [CauseKind.keeper]: 'a keeper\u2019s order',
  [CauseKind.adversary]: 'an adversary\u2019s order',
  [CauseKind.rule]: 'a sizing rule\u2019s trade',
  [CauseKind.stop]: 'a fired stop',
  [CauseKind.liquidation]: 'a liquidation',
  [CauseKind.deleveraging]: 'an auto-deleveraging',
  [CauseKind.cancel]: 'a cancelled order',
};

/** As a heading of a part: whoever or whatever pushed. */
const NAMES: Readonly<Record<CauseKind, string>> = {
  [CauseKind.none]: 'many smaller events',
  [CauseKind.index]: 'index updates',
  [CauseKind.clock]: 'time passing',
  [CauseKind.funding]: 'funding',
  [CauseKind.fault]: 'end of a halt',
  [CauseKind.shock]: 'order from outside',
  [CauseKind.flow]: 'ordinary orders',
  [CauseKind.liquidity]: 'market maker',
  [CauseKind.arbitrage]: 'arbitrageur',
  [CauseKind.keeper]: 'keeper',
  [CauseKind.adversary]: 'adversary',
  [CauseKind.rule]: 'sizing rule',
  [CauseKind.stop]: 'stop',
  [CauseKind.liquidation]: 'liquidation',
  [CauseKind.deleveraging]: 'auto-deleveraging',
  [CauseKind.cancel]: 'cancelled order',
};

/** A part of a push in a few words: `sizing rule, trader 1,204 of momentum`, `index updates`. */
export function partWords(event: NamedEvent): string {
  const number = event.liquidation > 0 ? ` #${groupText(event.liquidation)}` : '';
  const owner = ownerWords(event);
  return NAMES[event.kind] + number + (owner === '' ? '' : `, ${owner}`);
}

/** The kind alone: `a sizing rule's trade`. */
function kindWords(kind: CauseKind): string {
  return WORDS[kind] ?? WORDS[CauseKind.none];
}

/** What it was: `liquidation #412`, `an index update`. */
export function eventWords(event: NamedEvent): string {
  if (event.liquidation > 0) return `liquidation #${groupText(event.liquidation)}`;
  return kindWords(event.kind);
}

/** Whose it was: `trader 1,204 of momentum`; empty where it was nobody's. */
export function ownerWords(event: NamedEvent): string {
  if (event.account < 0) return '';
  const trader = `trader ${groupText(event.account)}`;
  return event.cohort === '' ? 'outside the population' : `${trader} of ${event.cohort}`;
}

/** `a sizing rule's trade of trader 1,204 of momentum`. */
export function eventOfOwnerWords(event: NamedEvent): string {
  const owner = ownerWords(event);
  return owner === '' ? eventWords(event) : `${eventWords(event)} (${owner})`;
}
