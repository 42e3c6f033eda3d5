/** What every rule obeys, whatever it is: checked on drawn paths, without a market. */
import { RandomSource } from '../kernel/index.js';
import { type Strategy, Urgency } from '../strategy/index.js';
import { drawTerms, WALK_BAR_MICROS, type WalkTerms } from './invariant-path.js';
import { walkAgents, type WalkDecision, type WalkVariation } from './invariant-walk.js';

/** The invariants; `outputs` is what the engine takes for granted of every decision. */
export const invariantNames = [
  'outputs',
  'leverage-cap',
  'reduce-only',
  'determinism',
  'alone-as-in-batch',
  'no-equity-no-orders',
  'currency-scale',
  'no-look-ahead',
] as const;
export type InvariantName = (typeof invariantNames)[number];

/** The first decision found that breaks an invariant. */
export interface InvariantFailure {
  invariant: InvariantName;
  /** What holds of other rules, and what was found. */
  message: string;
  /** Drawn terms under which it happens. */
  terms: WalkTerms;
  /** The decision, where one shows it. */
  decision: WalkDecision | null;
}

const RUNS = 40;
const SEED = 20_200_312;
/** Step from which on accounts are ruined, or the future is another one. */
const RUIN_FROM = 20;
const CUT = 30;
/** A currency whose unit is that much smaller: powers of two change no bit of a ratio. */
const SCALES = [0.25, 64, 1024];
/** For rules that prefer round prices. */
const ROUND_SCALES = [0.1, 10, 1000];
/** Largest difference then, as a part of equity. */
const ROUND_TOLERANCE = 1e-6;

type Found = { message: string; decision: WalkDecision | null } | null;

/**
 * Returns the invariants a rule breaks, each with the first case found; empty when it obeys them.
 *
 * (1) No trade leads beyond the leverage cap. (2) A reduce-only decision never adds and never turns
 * over. (3) The same is decided again, and in a batch as alone. (4) Without equity nothing is
 * ordered but reductions. (5) A rescaled currency changes no decision. (6) Another future changes
 * none. Sizing rules are compared by their targets, timers, alerts and lots, quoting ones by their
 * timers, alerts and orders; (1) and (2) are the venue's to enforce on quoting ones. Cost: ten walks of 360 decisions a run.
 */
export function checkInvariants(
  strategy: Strategy,
  options: { seed?: number; runs?: number } = {},
): InvariantFailure[] {
  const stream = new RandomSource(options.seed ?? SEED).stream('invariants');
  const runs = options.runs ?? RUNS;
  const failures: InvariantFailure[] = [];
  for (let run = 0; run < runs && failures.length < invariantNames.length; run++) {
    const terms = drawTerms(stream, run);
    const walk = (variation?: WalkVariation) => walkAgents(strategy, terms, variation);
    const plain = walk();
    const isSizing = strategy.style === 'sizing';
    const scales = strategy.roundNumbers ? ROUND_SCALES : SCALES;
    const scale = scales[run % scales.length];
    const checks: [InvariantName, () => Found][] = [
      ['outputs', () => outputs(plain)],
      ['leverage-cap', () => (isSizing ? leverageCap(plain, terms) : null)],
      ['reduce-only', () => (isSizing ? reduceOnly(walk({ reduceOnly: true })) : null)],
      ['determinism', () => same(plain, walk(), 'the same again')],
      ['alone-as-in-batch', () => same(sorted(plain), sorted(walk({ alone: true })), 'the same alone')],
      ['no-equity-no-orders', () => noEquity(walk, isSizing)],
      ['currency-scale', () => currency(plain, walk({ scale }), scale, strategy.roundNumbers)],
      ['no-look-ahead', () => same(past(plain), past(walk({ otherFrom: CUT })), 'the same before another future')],
    ];
    for (const [invariant, check] of checks) {
      if (failures.some((one) => one.invariant === invariant)) continue;
      const found = check();
      if (found !== null) failures.push({ invariant, terms, ...found });
    }
  }
  return failures;
}

function first(decisions: readonly WalkDecision[], message: string, holds: (d: WalkDecision) => boolean): Found {
  const decision = decisions.find((one) => !holds(one));
  return decision === undefined ? null : { message, decision };
}

function outputs(decisions: readonly WalkDecision[]): Found {
  const isAlert = (ticks: number) => ticks === -1 || (Number.isInteger(ticks) && ticks >= 0);
  return (
    first(decisions, 'targets are finite, or NaN to hold', (d) =>
      Number.isNaN(d.target) || Number.isFinite(d.target)) ??
    first(decisions, 'timers lie in the future', (d) => !(d.wakeAt <= d.step * WALK_BAR_MICROS)) ??
    first(decisions, 'alerts are whole ticks, or -1 for none', (d) =>
      isAlert(d.alertBelow) && isAlert(d.alertAbove)) ??
    first(decisions, 'a rule writes its state and outputs only', (d) => d.trespass === '')
  );
}

function leverageCap(decisions: readonly WalkDecision[], terms: WalkTerms): Found {
  return first(decisions, 'no trade leads beyond the leverage cap', (d) => {
    if (d.lots === 0) return true;
    const left = d.heldLots + d.lots;
    const exposure = terms.inverse ? left : left * d.price * 1e-4;
    if (Math.abs(exposure) <= terms.leverageMax * Math.max(d.equity, 0) * (1 + 1e-9)) return true;
    return (d.urgency & Urgency.reduceOnly) !== 0 && reduces(d);
  });
}

/** Says whether a trade brings the position towards zero, no further. */
function reduces({ heldLots, lots }: WalkDecision): boolean {
  const left = heldLots + lots;
  return left * heldLots >= 0 && Math.abs(left) <= Math.abs(heldLots);
}

function reduceOnly(decisions: readonly WalkDecision[]): Found {
  return first(decisions, 'a reduce-only decision neither adds nor turns over', reduces);
}

function noEquity(walk: (variation: WalkVariation) => WalkDecision[], isSizing: boolean): Found {
  // Zero set in quanta may come back as a rounding error above it, which is no bound for an order.
  for (const equityQuote of isSizing ? [0, -5] : [-1, -5]) {
    for (const liquidated of [false, true]) {
      const ruined = walk({ ruin: { from: RUIN_FROM, equityQuote, liquidated } });
      const after = ruined.filter((d) => d.step >= RUIN_FROM);
      const found = isSizing
        ? first(after, 'without equity a rule only reduces', reduces)
        : first(after, 'without equity a rule sends no orders', (d) =>
            d.actions.every((action) => typeof action === 'number' || action === 'cancel'));
      if (found !== null) return found;
    }
  }
  return null;
}

function currency(
  plain: readonly WalkDecision[],
  scaled: readonly WalkDecision[],
  scale: number,
  isRound: boolean,
): Found {
  const message = `a currency worth 1/${scale} as much changes no decision`;
  if (plain.length !== scaled.length) return { message, decision: plain.at(-1) ?? null };
  const near = (a: number, b: number, slack: number) =>
    Object.is(a, b) || (isRound ? Math.abs(a - b) <= slack : a === b);
  const index = plain.findIndex((d, k) => {
    const other = scaled[k];
    const slack = ROUND_TOLERANCE * Math.max(Math.abs(d.equity), Math.abs(d.target));
    return !(
      near(d.target, other.target / scale, slack) &&
      near(d.lots, other.lots, 2) &&
      near(d.wakeAt, other.wakeAt, 0) &&
      near(d.alertBelow, other.alertBelow, 1) &&
      near(d.alertAbove, other.alertAbove, 1) &&
      d.urgency === other.urgency &&
      d.actions.length === other.actions.length &&
      d.actions.every((action, j) =>
        typeof action === 'string'
          ? action === other.actions[j]
          : near(action, other.actions[j] as number, 1))
    );
  });
  return index < 0 ? null : { message, decision: plain[index] };
}

function same(a: readonly WalkDecision[], b: readonly WalkDecision[], what: string): Found {
  const message = `a rule decides ${what}`;
  const index = a.findIndex((d, k) => k >= b.length || !isSame(d, b[k]));
  if (index >= 0) return { message, decision: a[index] };
  return a.length === b.length ? null : { message, decision: null };
}

function isSame(a: WalkDecision, b: WalkDecision): boolean {
  return (
    a.agent === b.agent &&
    a.step === b.step &&
    Object.is(a.target, b.target) &&
    a.urgency === b.urgency &&
    a.lots === b.lots &&
    a.heldLots === b.heldLots &&
    a.equity === b.equity &&
    Object.is(a.wakeAt, b.wakeAt) &&
    a.alertBelow === b.alertBelow &&
    a.alertAbove === b.alertAbove &&
    a.actions.length === b.actions.length &&
    a.actions.every((action, k) => Object.is(action, b.actions[k]))
  );
}

/** By step and agent; an agent's own decisions keep their order. */
function sorted(decisions: readonly WalkDecision[]): WalkDecision[] {
  return [...decisions].sort((a, b) => a.step - b.step || a.agent - b.agent);
}

function past(decisions: readonly WalkDecision[]): WalkDecision[] {
  return decisions.filter((d) => d.step < CUT);
}
