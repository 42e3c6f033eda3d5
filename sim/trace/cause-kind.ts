/**
 * The words in which causes are told: kinds of events, subjects, scopes, generations.
 *
 * Which events are nodes of a forest depends on the scope: L1 liquidations and deleveragings, L2 also
 * fired stops, L3 also trades of sizing rules.
 */

/** What an event is; below 16, so that four of them pack into one word. */
export const CauseKind = {
  none: 0,
  /** An update of the index: news from outside the venue. */
  index: 1,
  /** The venue's own clock: samples of a smoothed mark, the time value of a fair price. */
  clock: 2,
  funding: 3,
  /** The end of a halt. */
  fault: 4,
  /** A scheduled order from outside the population. */
  shock: 5,
  /** Ordinary orders of rules that quote. */
  flow: 6,
  liquidity: 7,
  arbitrage: 8,
  keeper: 9,
  adversary: 10,
  /** A trade of a sizing rule. */
  rule: 11,
  /** The order of a fired stop or take-profit. */
  stop: 12,
  liquidation: 13,
  deleveraging: 14,
  /** A cancel that moved the mark. */
  cancel: 15,
} as const;
export type CauseKind = (typeof CauseKind)[keyof typeof CauseKind];

/** Name of each kind, by its number. */
export const causeKindNames: readonly string[] = namesByNumber();

/** Scope levels: forced trades only; with mechanical triggers; with all trades of sizing rules. */
export type Scope = 1 | 2 | 3;

/** Generations are told up to this one; longer chains stay at it. */
export const GENERATION_MAX = 131_071;
const SPAN = GENERATION_MAX + 1;

/** Packs the generations of the three scopes into one exact integer. */
export function packGenerations(one: number, two: number, three: number): number {
  return one + SPAN * (two + SPAN * three);
}

/** Returns the generation at a scope; 0 = not a node there. */
export function generationOf(packed: number, scope: Scope): number {
  if (scope === 1) return packed % SPAN;
  const upper = Math.floor(packed / SPAN);
  return scope === 2 ? upper % SPAN : Math.floor(upper / SPAN);
}

/** Packs an event's kind with the kinds of its roots at the three scopes. */
export function packKinds(kind: number, one: number, two: number, three: number): number {
  return kind | (one << 4) | (two << 8) | (three << 12);
}

/** Returns the kind of an event's root at a scope; its own where it is no node. */
export function rootKindOf(packed: number, scope: Scope): number {
  return (packed >> (4 * scope)) & 15;
}

/** What a cause row explains. */
export const CauseSubject = { liquidation: 1, deleveraging: 2, stop: 3, ruleTrade: 4 } as const;
export type CauseSubject = (typeof CauseSubject)[keyof typeof CauseSubject];

/** Flag of a cause row's `other`: a breach of a cross account, closed in whichever instruments. */
export const WHOLE_ACCOUNT = 1 << 20;

/** Name of each subject, by its number. */
export const causeSubjectNames = ['', 'liquidation', 'deleveraging', 'stop', 'rule trade'] as const;

function namesByNumber(): string[] {
  const names: string[] = [];
  for (const [name, number] of Object.entries(CauseKind)) names[number] = name;
  return names;
}
