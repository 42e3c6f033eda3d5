/** What is asked of a counterfactual, and how a branch without the cause is run. */
import { MECHANISMS } from '../../../sim/engine/index.js';
import type { BranchChanges, Mechanism } from '../../../sim/engine/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import type { DeferTerms, SuppressionMode } from '../../../sim/venue/index.js';
import { didYouMean } from '../../model/index.js';
import type { Scenario } from '../../model/index.js';
import { findLiquidation } from './liquidation-list.js';
import type { LiquidationList, RunLiquidation } from './liquidation-list.js';

/** What may be taken away; without any, the liquidation that the largest cascade begins with. */
export interface CauseName {
  /** Number of a liquidation in the run. */
  liquidation?: number;
  /** Name of a cohort: its orders, and its forced sales, do not reach the market. */
  cohort?: string;
  mechanism?: string;
  /** Number of a fault of the scenario, 1 for the first. */
  fault?: number;
}

/** What is taken away. */
export type Cause =
  | ({ kind: 'liquidation'; cohortName: string | null } & RunLiquidation)
  | { kind: 'cohort'; cohort: number; cohortName: string }
  | { kind: 'mechanism'; mechanism: Mechanism }
  | { kind: 'fault'; fault: number };

/** Finds what a name means in a run. @throws UserError `counterfactual/...` */
export function findCause(name: CauseName, scenario: Scenario, list: LiquidationList): Cause {
  const { cohort, mechanism, fault } = name;
  if (cohort !== undefined) {
    const number = cohortNumber(scenario, cohort);
    return { kind: 'cohort', cohort: number, cohortName: cohort };
  }
  if (mechanism !== undefined) {
    const found = MECHANISMS.find((one) => one === mechanism);
    if (found !== undefined) return { kind: 'mechanism', mechanism: found };
    const must = `must be one of ${MECHANISMS.join(', ')}${didYouMean(mechanism, MECHANISMS)}`;
    throw new UserError('counterfactual/mechanism', `mechanism was "${mechanism}", ${must}`);
  }
  if (fault !== undefined) {
    const { length } = scenario.faults;
    if (fault >= 1 && fault <= length) return { kind: 'fault', fault };
    const must = length === 0 ? 'but the scenario has none' : `must be one of 1 to ${length}`;
    throw new UserError('counterfactual/fault', `fault was ${fault}, ${must}`);
  }
  if (name.liquidation === undefined && list.liquidations.length === 0) {
    const fix = 'ask about a cohort, a mechanism or a fault';
    throw new UserError('counterfactual/liquidation', `the run has no liquidations; ${fix}`);
  }
  const found = findLiquidation(list, name.liquidation ?? list.largestRoot);
  const cohortName = list.metadata.cohorts[found.cohort]?.name ?? null;
  return { kind: 'liquidation', cohortName, ...found };
}

/** Returns what a branch without the cause changes. */
export function changesWithout(cause: Cause, mode: SuppressionMode, defer?: DeferTerms): BranchChanges {
  switch (cause.kind) {
    case 'liquidation':
      return { suppressions: [{ mode, account: cause.account, ordinal: cause.ordinal, defer }] };
    case 'cohort':
      return { muted: [cause.cohort], suppressions: [{ mode, cohort: cause.cohort, defer }] };
    case 'mechanism':
      return cause.mechanism === 'liquidations'
        ? { suppressions: [{ mode, defer }] }
        : { without: [cause.mechanism] };
    default:
      return { withoutFaults: [cause.fault - 1] };
  }
}

function cohortNumber(scenario: Scenario, name: string): number {
  const names = scenario.population.map((cohort) => cohort.name);
  const number = names.indexOf(name);
  if (number >= 0) return number;
  const must = `must be one of ${names.join(', ')}${didYouMean(name, names)}`;
  throw new UserError('counterfactual/cohort', `cohort was "${name}", ${must}`);
}
