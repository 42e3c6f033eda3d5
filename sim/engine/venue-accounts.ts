/** The accounts of a world's venue: its agents in order, then those of orders from outside. */
import { hashText } from '../kernel/index.js';
import type { Strategy } from '../strategy/index.js';
import { CauseKind } from '../trace/index.js';
import { SIZING_RULE, type VenueAccounts } from '../venue/index.js';
import type { ExogenousOrder, WorldSpec } from './world-spec.js';

/**
 * Returns the accounts of a world: cohort after cohort, then the account of exogenous orders, then,
 * where `programQuanta` is given, that of programs. Each exogenous order has a slot of its own.
 * O(agents).
 */
export function venueAccounts(spec: WorldSpec): VenueAccounts {
  let agents = 0;
  for (const { count } of spec.cohorts) agents += count;
  const count = agents + (spec.programQuanta === undefined ? 1 : 2);
  const slotsPerAccount = new Int32Array(count + 1);
  const cohortOf = new Uint16Array(count).fill(spec.cohorts.length);
  const tieKey = new Uint32Array(count);
  const isolated = new Uint8Array(count);
  const causes = new Uint8Array(count).fill(CauseKind.shock);
  let used = 0;
  let account = 0;
  spec.cohorts.forEach((cohort, c) => {
    const key = hashText(cohort.name);
    const cause = causeOf(cohort.strategy);
    for (let k = 0; k < cohort.count; k++, account++) {
      slotsPerAccount[account] = used;
      used += cohort.strategy.orderSlots;
      cohortOf[account] = c;
      tieKey[account] = (key ^ Math.imul(k + 1, 0x9e3779b1)) >>> 0;
      isolated[account] = cohort.isolated ? 1 : 0;
      causes[account] = cause;
    }
  });
  const programs = spec.exogenous.reduce((n, order) => n + (order.isProgram === true ? 1 : 0), 0);
  slotsPerAccount[agents] = used;
  slotsPerAccount[agents + 1] = used + spec.exogenous.length - programs;
  slotsPerAccount[count] = used + spec.exogenous.length;
  tieKey[agents] = hashText('exogenous');
  if (count > agents + 1) tieKey[agents + 1] = hashText('exogenous/programs');
  return { count, slotsPerAccount, cohortOf, tieKey, isolated, causes, bookAccount: agents };
}

/** Returns the slot of each exogenous order among those of its account. */
export function exogenousSlots(orders: readonly ExogenousOrder[]): Int32Array {
  const slots = new Int32Array(orders.length);
  const used = [0, 0];
  orders.forEach((order, i) => {
    slots[i] = used[order.isProgram === true ? 1 : 0]++;
  });
  return slots;
}

/** Returns the kind of cause that a strategy's orders are. */
function causeOf({ family, style }: Strategy): number {
  const sizing = style === 'sizing' ? SIZING_RULE : 0;
  switch (family) {
    case 'liquidity':
      return CauseKind.liquidity | sizing;
    case 'arbitrage':
      return CauseKind.arbitrage | sizing;
    case 'keeper':
      return CauseKind.keeper | sizing;
    case 'adversary':
      return CauseKind.adversary | sizing;
    default:
      return sizing === 0 ? CauseKind.flow : CauseKind.rule | sizing;
  }
}
