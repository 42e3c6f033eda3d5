/** Values of the group `cascade`, from the forest of a run. */
import {
  cascadeSizes,
  cascadesOf,
  censoredNear,
  contagionShare,
  contagionShareByWeight,
  fanoBranchingRatio,
  hillPair,
  nextGenerationMatrix,
  reproductionByGeneration,
  reproductionNumber,
  spectralRadius,
  treeBranchingRatio,
  windowCounts,
} from '../../../sim/metrics/index.js';
import { CauseSubject, type Scope } from '../../../sim/trace/index.js';
import type { LiquidationForest } from './liquidation-forest.js';
import { type Facts, type Measurement, estimated, measured } from './measurement.js';
import type { RunCut } from './run-cut.js';

/** Windows into which a run is cut for its Fano factor, and liquidations that it takes. */
const FANO_WINDOWS = 100;
const FANO_EVENTS_MIN = 100;
/** Cascades from which on a tail is told: ten of them are the largest 5 %. */
const TAIL_MIN = 200;

const SCOPE_NODES = {
  1: 'nodes: liquidations',
  2: 'nodes: also fired stops',
  3: 'nodes: also trades of sizing rules',
} as const;

/** Returns the group's values. O(nodes log nodes + generations + cohorts^2). */
export function cascadeValues(cut: RunCut): Measurement[] {
  const forest = cut.forest(1);
  const missing =
    forest.count > 0
      ? 'undefined for these numbers'
      : cut.liquidations.size > 0
        ? 'the run was made without a causal ledger'
        : 'nobody was liquidated';
  return [
    ...reproductionValues(cut, missing),
    ...betweenCohorts(cut, forest, missing),
    ...sizeValues(cut, forest, missing),
    measured('contagionShare', contagionShare(forest.generation, forest.notionalQuote), {
      n: forest.count,
      scope: 'L1',
      missing,
    }),
    measured('contagionShare.shared', sharedPart(cut, forest), { n: forest.count, scope: 'L1', missing }),
    estimated('branchingRatio.tree', treeBranchingRatio(forest.parent), {
      n: forest.count,
      scope: 'L1',
      missing,
    }),
    fanoValue(cut, forest),
    ...tailValues(forest),
  ];
}

function reproductionValues(cut: RunCut, missing: string): Measurement[] {
  const scopes: Scope[] = [1, 2, 3];
  const values = scopes.map((scope) => {
    const forest = cut.forest(scope);
    const { count } = forest;
    const estimate = reproductionNumber(forest.parent);
    const late = lateNodes(forest, cut.endMicros);
    const beyond = late > 0 ? `; children of ${late} may lie beyond the end` : '';
    const left = forest.deleveragings > 0 ? `; ${forest.deleveragings} deleveragings left out` : '';
    const note = SCOPE_NODES[scope] + left + beyond;
    return estimated('reproductionNumber', estimate, { n: count, scope: `L${scope}`, note, missing });
  });
  const { nodes, value } = reproductionByGeneration(cut.forest(1).parent);
  // The last generation is the one that nobody followed: 0 by definition.
  for (let g = 0; g < nodes.length; g++) {
    const facts = { n: nodes[g], scope: `L1, generation ${g + 1}` };
    values.push(measured('reproductionNumber.byGeneration', value[g], facts));
  }
  return values;
}

/** Counts the nodes nearer to the end than the longest way from a parent to a child. */
function lateNodes({ count, parent, timeMicros }: LiquidationForest, endMicros: number): number {
  let response = 0;
  for (let i = 0; i < count; i++) {
    if (parent[i] >= 0) response = Math.max(response, timeMicros[i] - timeMicros[parent[i]]);
  }
  let late = 0;
  for (const one of censoredNear(timeMicros, endMicros, response)) late += one;
  return late;
}

/** Accounts outside the population stand in a last row and column. */
function betweenCohorts(cut: RunCut, forest: LiquidationForest, missing: string): Measurement[] {
  const names = [...cut.metadata.cohorts.map((one) => one.name), 'outside'];
  const cohorts = names.length;
  const cohort = forest.cohort.map((one) => (one < 0 ? cohorts - 1 : one));
  const { matrix, nodes } = nextGenerationMatrix(forest.parent, cohort, { cohorts });
  const radius = forest.count > 0 ? spectralRadius(matrix, cohorts) : Number.NaN;
  const values: Measurement[] = [];
  for (let a = 0; a < cohorts; a++) {
    for (let b = 0; b < cohorts; b++) {
      if (nodes[a] === 0 || nodes[b] === 0) continue;
      const facts = { n: nodes[a], scope: `L1, ${names[a]} -> ${names[b]}` };
      values.push(measured('reproductionNumber.matrix', matrix[a * cohorts + b], facts));
    }
  }
  const facts = { n: forest.count, scope: 'L1', missing };
  return [...values, measured('reproductionNumber.spectralRadius', radius, facts)];
}

function sizeValues(cut: RunCut, forest: LiquidationForest, missing: string): Measurement[] {
  const cascades = cascadesOf(forest.parent, forest.notionalQuote, forest.rootEvent);
  const { leveraged } = cut;
  const sizes = cascadeSizes(cascades, leveraged > 0 ? leveraged : Number.NaN);
  const { count } = forest;
  const all = { n: forest.count, scope: 'L1', missing };
  const each = { ...all, n: cascades.count };
  const isKnown = count > 0 || cut.liquidations.size === 0;
  const told = (name: string, value: number, facts: Facts): Measurement =>
    measured(name, isKnown ? value : Number.NaN, facts);
  const deepest = count > 0 ? sizes.generationsMax : Number.NaN;
  const widest = count > 0 ? sizes.width.reduce((most, one) => Math.max(most, one)) : Number.NaN;
  const nobody = 'no account held more than it owned at the start';
  return [
    told('cascade.count', sizes.cascades, all),
    told('cascade.largest', sizes.largest, each),
    told('cascade.mean', sizes.mean, each),
    told('cascade.notional', sizes.largestNotionalQuote, each),
    told('cascade.largestShare', sizes.largestShare, {
      n: leveraged,
      scope: 'L1',
      missing: isKnown ? nobody : missing,
    }),
    told('generations.max', deepest, all),
    told('generations.mean', sizes.generationsMean, all),
    told('generations.width', widest, all),
  ];
}

/** Returns the nodes of the largest cascade: those that go back to one event. */
export function largestCascade(forest: LiquidationForest): number[] {
  const ofEvent = new Map<number, number[]>();
  for (let i = 0; i < forest.count; i++) {
    const nodes = ofEvent.get(forest.rootEvent[i]);
    if (nodes === undefined) ofEvent.set(forest.rootEvent[i], [i]);
    else nodes.push(i);
  }
  let nodes: number[] = [];
  for (const one of ofEvent.values()) if (one.length > nodes.length) nodes = one;
  return nodes;
}

function sharedPart(cut: RunCut, forest: LiquidationForest): number {
  const subject = Int32Array.from({ length: forest.count }, (_, i) => i);
  const weight = Float64Array.from(forest.event, (event) => cut.forcedWeight.get(event) ?? 0);
  const liquidation = new Uint8Array(forest.count).fill(1);
  return contagionShareByWeight({ subject, weight, liquidation }, forest.notionalQuote);
}

function fanoValue(cut: RunCut, forest: LiquidationForest): Measurement {
  const times = forest.timeMicros.filter((_, i) => forest.subject[i] === CauseSubject.liquidation);
  const window = Math.floor(cut.endMicros / FANO_WINDOWS);
  const n = times.length;
  const name = 'branchingRatio.fano';
  if (n < FANO_EVENTS_MIN || window < 1) {
    const missing = `${n} liquidations, ${FANO_EVENTS_MIN} are the least`;
    return measured(name, Number.NaN, { n, missing });
  }
  const counts = windowCounts(times, { from: 0, to: window * FANO_WINDOWS, window });
  const note = `${FANO_WINDOWS} windows of ${window / 1e6} s; a drifting rate of roots raises it`;
  return estimated(name, fanoBranchingRatio(counts), { n, note });
}

function tailValues(forest: LiquidationForest): Measurement[] {
  const { size, count } = cascadesOf(forest.parent, undefined, forest.rootEvent);
  const few = `${count} cascades, ${TAIL_MIN} are the least`;
  const missing = count < TAIL_MIN ? few : 'the largest cascades are all of one size';
  const { wide, narrow } = hillPair(count < TAIL_MIN ? [] : size);
  const note = 'of sizes, in liquidations';
  return [
    estimated('tail.hill', wide, { n: wide.count, scope: 'L1, largest 5 %', note, missing }),
    estimated('tail.hill', narrow, { n: narrow.count, scope: 'L1, largest 1 %', note, missing }),
  ];
}
