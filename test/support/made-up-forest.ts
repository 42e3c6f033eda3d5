/** A run whose forest is given: cause, share and liquidation rows without a market, and its film. */
import {
  CauseKind,
  CauseSubject,
  EventKind,
  EventLog,
  EventReader,
  LiquidationStage,
  ReplayBuilder,
  appendSeries,
  emptySeriesSample,
  packGenerations,
  packKinds,
} from '../../sim/trace/index.js';
import { joinBytes, traceMetadata } from './trace-run.js';

/** A forced trade: whose child it is (place among the nodes, or -1 - number of a root event). */
export interface MadeUpNode {
  parent: number;
  /** An auto-deleveraging instead of a liquidation. */
  isDeleveraging?: boolean;
  /** The parent's part of the cause. */
  weight?: number;
  /** Parts of so many sizing rules besides. */
  others?: readonly number[];
  notionalQuote?: number;
  isShort?: boolean;
}

/** Where a node ended up. */
export interface PlacedNode {
  event: number;
  /** Id of the liquidation, 0 for a deleveraging; row in its table. */
  liquidation: number;
  row: number;
  generation: number;
  timeMicros: number;
}

/** Time between nodes; a sample follows every fourth. */
export const NODE_MICROS = 1_000_000;

/** Returns the film of a forest, and where each node stands in it. */
export function madeUpFilm(
  nodes: readonly MadeUpNode[],
  samplesPerChunk = 4,
): { bytes: Uint8Array; placed: PlacedNode[] } {
  const samples = Math.ceil(nodes.length / 4) + 2;
  const metadata = traceMetadata({ samples });
  const builder = new ReplayBuilder(metadata, { samplesPerChunk });
  const reader = new EventReader(new Uint8Array(0));
  const log = new EventLog((bytes) => {
    reader.reset(bytes);
    builder.add(reader);
  });
  // Root events need numbers below those of their children.
  const firstRoot = log.rows();
  const roots = 1 + Math.max(0, ...nodes.map((node) => -1 - node.parent));
  for (let root = 0; root < roots; root += 1) sample(log, 0);
  const placed: PlacedNode[] = [];
  const counts = { liquidations: 0, deleverages: 0 };
  nodes.forEach((node, i) => {
    const time = i * NODE_MICROS;
    if (i % 4 === 0) sample(log, time);
    const parent = node.parent >= 0 ? placed[node.parent] : null;
    const event = log.rows();
    const one: PlacedNode = {
      event,
      liquidation: node.isDeleveraging ? 0 : counts.liquidations + 1,
      row: node.isDeleveraging ? counts.deleverages++ : counts.liquidations++,
      generation: (parent?.generation ?? 0) + 1,
      timeMicros: time,
    };
    placed.push(one);
    appendCauseRows(log, one, node, {
      event: parent?.event ?? firstRoot - 1 - node.parent,
      kind: parent === null ? CauseKind.index : parentKind(parent),
      account: parent === null ? -1 : 20 + (node.parent % 40),
      liquidation: parent?.liquidation ?? 0,
    }, i);
    appendTrade(log, one, node, i);
  });
  sample(log, nodes.length * NODE_MICROS);
  log.flush();
  return { bytes: joinBytes(builder.finish('0'.repeat(16), true)), placed };
}

function parentKind(parent: PlacedNode): number {
  return parent.liquidation > 0 ? CauseKind.liquidation : CauseKind.deleveraging;
}

function sample(log: EventLog, time: number): void {
  const state = emptySeriesSample();
  state.markTicks = 10_000;
  state.indexTicks = 10_000;
  appendSeries(log, time, 0, state);
}

function appendCauseRows(
  log: EventLog,
  one: PlacedNode,
  node: MadeUpNode,
  parent: { event: number; kind: number; account: number; liquidation: number },
  place: number,
): void {
  const subject = node.isDeleveraging ? CauseSubject.deleveraging : CauseSubject.liquidation;
  const { index } = CauseKind;
  const kinds = packKinds(0, index, index, index) >> 4;
  const { generation, event } = one;
  const packed = packGenerations(generation, generation, generation);
  const other = subject | (parent.kind << 4) | (kinds << 8);
  const account = 20 + (place % 40);
  log.append(
    EventKind.cause, one.timeMicros, account, other, 9_990, parent.account, 1,
    event, parent.event, parent.liquidation, packed,
  );
  const weight = node.weight ?? 0.4;
  log.append(
    EventKind.share, one.timeMicros, parent.account, parent.kind, 0, 0, parent.liquidation,
    event, parent.event, weight, 0,
  );
  let rest = 1 - weight;
  // Halves: none of them is the event of a node.
  (node.others ?? []).forEach((other, k) => {
    log.append(EventKind.share, one.timeMicros, k, CauseKind.rule, 0, 0, 0, event, 0.5 + k, other, 0);
    rest -= other;
  });
  if (rest > 1e-9) log.append(EventKind.share, one.timeMicros, -1, 0, 0, 0, 0, event, -1, rest, 0);
}

function appendTrade(log: EventLog, one: PlacedNode, node: MadeUpNode, place: number): void {
  const account = 20 + (place % 40);
  const notional = node.notionalQuote ?? 1000 + place;
  const size = node.isShort ? -notional : notional;
  if (node.isDeleveraging) {
    log.append(
      EventKind.autoDeleverage, one.timeMicros, account, 60, 9_990, -size, 0, 0, 0, 0, notional,
    );
    return;
  }
  log.append(
    EventKind.liquidation, one.timeMicros, account, LiquidationStage.wholeAtMarket, 9_990, size,
    one.liquidation, 5e5, 6e5, 9_900, notional,
  );
}
