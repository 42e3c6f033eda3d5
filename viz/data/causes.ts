/** Why a liquidation happened, as its row and the shares beside it tell. */
import { CauseKind, cohortOfAccount, columnOf, unknownRootKey } from '../../sim/trace/index.js';
import type { RunMetadata, Table } from '../../sim/trace/index.js';
import type { ChunkTables } from './chunk-cache.js';
import { firstAtOrAfter } from './segments.js';
import type { CausePart, LiquidationCause } from './view-types.js';

/** Steps in which generations are told apart: 1, 2, 3, 4 and more. */
export const GENERATION_STEPS = 4;

/** The step of a generation, 0 first; what tells no generation is counted with the first. */
export function generationStep(generation: number): number {
  return Math.max(0, Math.min(GENERATION_STEPS, generation) - 1);
}

/** What is needed to name whoever caused something. */
export interface CauseSource {
  metadata: RunMetadata;
  quotePerTick: number;
}

/** Where a row stands in the forest; of `liquidations` and `deleverages` alike. */
export interface ForestPlace {
  event: number;
  parentKind: number;
  parentEvent: number;
  /** First row of the parent in its table; -1 where no forced trade pushed it. */
  parentRow: number;
  parentLiquidation: number;
  generation: number;
  treeRow: number;
  /** By which the table of children names the event that the tree goes back to. */
  rootKey: number;
}

/** Reads the place of row `row`; null where the film tells no causes. */
export function forestPlace(table: Table, row: number): ForestPlace | null {
  const value = (column: string) => columnOf(table, column)[row];
  const generation = value('generation');
  if (!(generation > 0)) return null;
  const treeRow = value('treeRow');
  const rootEvent = value('rootEvent');
  return {
    event: value('event'),
    parentKind: value('parentKind'),
    parentEvent: value('parentEvent'),
    parentRow: value('parentRow'),
    parentLiquidation: value('parentLiquidation'),
    generation,
    treeRow,
    rootKey: rootEvent >= 0 ? rootEvent : unknownRootKey(treeRow),
  };
}

/** Reads the cause of liquidation row `row` of a chunk; null where the film tells none. */
export function causeOfRow(
  tables: ChunkTables,
  row: number,
  source: CauseSource,
): LiquidationCause | null {
  const table = tables.get('liquidations') as Table;
  const place = forestPlace(table, row);
  if (!place) return null;
  const value = (column: string) => columnOf(table, column)[row];
  const { metadata } = source;
  const account = value('parentAccount');
  const parts = partsOf(tables.get('shares'), value('id'), metadata);
  return {
    parent: {
      kind: place.parentKind as CauseKind,
      account,
      cohort: cohortName(metadata, account),
      liquidation: place.parentLiquidation,
      weight: value('parentWeight'),
    },
    hasParent: place.parentRow >= 0,
    generation: place.generation,
    levelPrice: value('levelTicks') * source.quotePerTick,
    parts,
    untold: Math.max(0, 1 - parts.reduce((sum, part) => sum + part.weight, 0)),
  };
}

/** Name of the cohort of an account, empty outside the population. */
export function cohortName(metadata: RunMetadata, account: number): string {
  return metadata.cohorts[cohortOfAccount(metadata, account)]?.name ?? '';
}

/** Rows of `shares` ascend by liquidation. */
function partsOf(shares: Table | undefined, id: number, metadata: RunMetadata): CausePart[] {
  if (!shares) return [];
  const ids = columnOf(shares, 'liquidation');
  const parts: CausePart[] = [];
  for (let row = firstAtOrAfter(ids, id); row < shares.rows && ids[row] === id; row += 1) {
    const account = columnOf(shares, 'account')[row];
    parts.push({
      kind: columnOf(shares, 'kind')[row] as CauseKind,
      account,
      cohort: cohortName(metadata, account),
      liquidation: columnOf(shares, 'ownerLiquidation')[row],
      weight: columnOf(shares, 'weight')[row],
    });
  }
  return parts;
}
