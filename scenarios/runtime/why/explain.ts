/** Answers why a liquidation or cascade of a stored run happened. */
import { UserError } from '../../../sim/kernel/index.js';
import { CauseSubject, causeKindNames, generationOf } from '../../../sim/trace/index.js';
import { didYouMean } from '../../model/index.js';
import { type StoredRun, readRun } from '../trace/index.js';
import { CascadeTrees, type Tree } from './cascade-trees.js';
import type {
  CascadeStory,
  ChainLink,
  Explanation,
  LiquidationStory,
  Move,
  PushEvent,
  SharePart,
} from './explanation.js';
import { type NamedEvent, partyOf, readPushEvents } from './push-events.js';
import { type LiquidationFacts, RunLog } from './run-log.js';

/** Largest liquidations and direct children told of. */
const TOLD_MAX = 12;

/** A run in which nobody was liquidated. */
export interface NothingToExplain {
  scenario: string;
  seed: number;
  hash: string;
  liquidations: 0;
}

/**
 * Explains the cascade or liquidation asked for: `cascade` (the largest, also by default),
 * `cascade:2` (the second largest), or the id of a liquidation. Reads the whole log once.
 *
 * @throws UserError `why/...`, `trace/...`
 */
export function explainRun(folder: string, question = 'cascade'): Explanation | NothingToExplain {
  const stored = readRun(folder);
  const log = new RunLog(stored.path);
  const { scenario, seed } = log.metadata;
  const { hash } = stored.summary;
  if (log.liquidations.size === 0) return { scenario, seed, hash, liquidations: 0 };
  const trees = new CascadeTrees(log.forest);
  if (trees.trees.length === 0) {
    const fix = 'run it again to have one';
    throw new UserError('why/no-causes', `${stored.path}: was made without a causal ledger; ${fix}`);
  }
  const asked = readQuestion(question, log, trees);
  return new Explainer(stored, log, trees).explain(asked);
}

/** A node of the forest, and how it came to be asked about. */
interface Asked {
  question: Explanation['question'];
  node: number;
}

function readQuestion(text: string, log: RunLog, trees: CascadeTrees): Asked {
  const word = text.trim().toLowerCase();
  const cascade = /^cascade(?::(\d+))?$/.exec(word);
  if (cascade !== null) {
    const rank = cascade[1] === undefined ? 1 : Number(cascade[1]);
    const tree = trees.trees[rank - 1];
    if (tree !== undefined) return { question: 'cascade', node: trees.deepest(tree) };
    const must = `must be cascade:1 to cascade:${trees.trees.length}`;
    throw new UserError('why/event', `event was ${text}, ${must}`);
  }
  const id = /^#?\d+$/.test(word) ? Number(word.replace('#', '')) : Number.NaN;
  const node = log.forest.liquidation.indexOf(id);
  if (id > 0 && node >= 0) return { question: 'liquidation', node };
  const near = Number.isNaN(id) ? didYouMean(word, ['cascade']) : '';
  const must = `must be a liquidation from 1 to ${log.liquidations.size}, cascade, or cascade:2 and so on`;
  throw new UserError('why/event', `event was ${text}, ${must}${near}`);
}

/** Tells the story of one node. */
class Explainer {
  private readonly stored: StoredRun;
  private readonly log: RunLog;
  private readonly trees: CascadeTrees;

  constructor(stored: StoredRun, log: RunLog, trees: CascadeTrees) {
    this.stored = stored;
    this.log = log;
    this.trees = trees;
  }

  explain({ question, node }: Asked): Explanation {
    const { log, stored, trees } = this;
    const { metadata, forest } = log;
    const path = trees.pathTo(node);
    const told = question === 'cascade' ? path : path.slice(0, -1);
    const pushed = trees.descendants(node);
    const direct = trees.childrenOf(node).filter((child) => this.isLiquidation(child));
    return {
      scenario: metadata.scenario,
      seed: metadata.seed,
      hash: stored.summary.hash,
      startEpochMillis: metadata.startEpochMillis,
      complete: stored.manifest.complete,
      marks: marksOf(stored.manifest.scenario),
      question,
      liquidation: this.story(node),
      chain: told.map((one) => this.link(one)),
      root: this.rootEvent(path[0]),
      pushed: {
        directly: direct.length,
        inAll: pushed.filter((one) => this.isLiquidation(one)).length,
        notionalQuote: sum(pushed.map((one) => forest.notionalQuote[one])),
        liquidations: direct.slice(0, TOLD_MAX).map((one) => forest.liquidation[one]),
      },
      cascade: this.cascade(trees.treeOf(node)),
    };
  }

  private isLiquidation(node: number): boolean {
    return this.log.forest.subject[node] === CauseSubject.liquidation;
  }

  private facts(node: number): LiquidationFacts {
    return this.log.liquidations.get(this.log.forest.liquidation[node]) as LiquidationFacts;
  }

  private story(node: number): LiquidationStory {
    const { metadata, forest, tips } = this.log;
    const one = this.facts(node);
    const { cause } = one;
    const { quotePerTick } = metadata.instruments[one.instrument];
    const breached = metadata.instruments[forest.instrument[node]];
    const level = forest.levelTicks[node];
    const tip = tips.get(forest.event[node]) ?? { from: 0, to: 0 };
    // A threshold may move by itself: then the mark's last move is not what crossed it.
    const fell = tip.to <= level && level < tip.from;
    const rose = tip.from < level && level <= tip.to;
    const packed = cause?.generations ?? 0;
    return {
      ...this.link(node),
      breachInstrument: breached.name,
      breachSide: level === 0 ? null : tip.to < level || fell ? 'long' : tip.to > level || rose ? 'short' : null,
      levelQuote: level > 0 ? level * breached.quotePerTick : null,
      tippingMark: fell || rose ? move(tip.from, tip.to, breached.quotePerTick) : null,
      takenOverLots: one.takenOverLots,
      filledLots: one.filledLots,
      meanFillQuote: one.filledLots === 0 ? null : (one.filledTicks / one.filledLots) * quotePerTick,
      bankruptcyQuote: one.bankruptcyTicks * quotePerTick,
      generationL2: generationOf(packed, 2),
      generationL3: generationOf(packed, 3),
      ordinal: forest.ordinal[node],
      tippedBy: this.parentEvent(node),
      shares: this.shares(one),
      impact: {
        movedQuote: one.movedTicks * quotePerTick,
        flowQuote: one.flowTicks * quotePerTick,
        withdrawnQuote: one.withdrawnTicks * quotePerTick,
        withdrawnBy: [...one.withdrawnBy]
          .map(([cohort, ticks]) => ({
            cohort: metadata.cohorts[cohort]?.name ?? null,
            quote: ticks * quotePerTick,
          }))
          .sort((a, b) => b.quote - a.quote),
      },
    };
  }

  private link(node: number): ChainLink {
    const { metadata, forest } = this.log;
    const one = this.facts(node);
    const { name, quotePerTick } = metadata.instruments[one.instrument];
    return {
      liquidation: one.id,
      instrument: name,
      party: partyOf(metadata, one.account),
      side: one.closedLots >= 0 ? 'long' : 'short',
      timeMicros: one.timeMicros,
      closedLots: Math.abs(one.closedLots),
      notionalQuote: one.notionalQuote,
      mark: move(one.markFrom, one.markTo, quotePerTick),
      last: move(one.lastFrom, one.lastTo, quotePerTick),
      generation: forest.generation[node],
    };
  }

  private shares({ cause }: LiquidationFacts): SharePart[] {
    const { metadata } = this.log;
    return (cause?.shares ?? [])
      .map(({ event, kind, account, liquidation, weight }) => ({
        event,
        kind: causeKindNames[kind],
        liquidation: liquidation === 0 ? null : liquidation,
        party: account < 0 ? null : partyOf(metadata, account),
        weight,
      }))
      .sort((a, b) => b.weight - a.weight);
  }

  private parentEvent(node: number): PushEvent {
    const { cause } = this.facts(node);
    const named: NamedEvent = {
      event: cause?.parent ?? -1,
      kind: cause?.parentKind ?? 0,
      account: cause?.parentAccount ?? -1,
      liquidation: cause?.parentLiquidation ?? 0,
      instrument: this.log.forest.instrument[node],
    };
    return readPushEvents(this.stored.path, [named])[0];
  }

  private rootEvent(first: number): PushEvent {
    return this.parentEvent(first);
  }

  private cascade(tree: Tree): CascadeStory {
    const { metadata, forest } = this.log;
    const nodes = tree.nodes.filter((node) => this.isLiquidation(node));
    const generations: number[] = [];
    const cohorts = new Map<number, { liquidations: number; notionalQuote: number }>();
    for (const node of nodes) {
      const place = forest.generation[node] - 1;
      while (generations.length <= place) generations.push(0);
      generations[place]++;
      const cohort = cohorts.get(forest.cohort[node]) ?? { liquidations: 0, notionalQuote: 0 };
      cohort.liquidations++;
      cohort.notionalQuote += forest.notionalQuote[node];
      cohorts.set(forest.cohort[node], cohort);
    }
    const facts = nodes.map((node) => this.facts(node));
    const { instrument } = facts.find((one) => one.filledLots > 0) ?? facts[0];
    const traded = facts.filter((one) => one.filledLots > 0 && one.instrument === instrument);
    const { name, quotePerTick } = metadata.instruments[instrument];
    const largest = [...nodes].sort((a, b) => forest.notionalQuote[b] - forest.notionalQuote[a]);
    return {
      rank: this.trees.trees.indexOf(tree) + 1,
      cascades: this.trees.trees.length,
      liquidations: nodes.length,
      traders: new Set(facts.map((one) => one.account)).size,
      instrument: name,
      notionalQuote: sum(nodes.map((node) => forest.notionalQuote[node])),
      fromMicros: Math.min(...facts.map((one) => one.timeMicros)),
      untilMicros: Math.max(...facts.map((one) => one.timeMicros)),
      generations,
      reproductionNumber: 1 - generations[0] / nodes.length,
      cohorts: [...cohorts]
        .map(([cohort, told]) => ({ cohort: metadata.cohorts[cohort]?.name ?? null, ...told }))
        .sort((a, b) => b.notionalQuote - a.notionalQuote),
      last: traded.length === 0 ? null : move(traded[0].lastFrom, traded.at(-1)?.lastTo ?? 0, quotePerTick),
      largest: largest.slice(0, 5).map((node) => this.link(node)),
    };
  }
}

/** Kind of mark per instrument of a stored scenario. */
function marksOf(scenario: unknown): Record<string, string> {
  const { venue } = scenario as { venue: { instruments: { name: string; mark: { kind: string } }[] } };
  return Object.fromEntries(venue.instruments.map(({ name, mark }) => [name, mark.kind]));
}

function move(from: number, to: number, quotePerTick: number): Move | null {
  return from > 0 && to > 0 ? { fromQuote: from * quotePerTick, toQuote: to * quotePerTick } : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
