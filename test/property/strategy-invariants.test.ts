/** What every strategy in the registry obeys, whatever its rule. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { checkInvariants } from '../../sim/probe/index.js';
import { drawTerms } from '../../sim/probe/invariant-path.js';
import { WALK_AGENTS, walkAgents } from '../../sim/probe/invariant-walk.js';

const SEED = 20_200_312;
const terms = Array.from({ length: 20 }, (_, k) =>
  drawTerms(new RandomSource(SEED).stream('strategies'), k),
);

describe('every strategy', () => {
  it.each(registry.map((strategy) => [strategy.name, strategy] as const))(
    '%s keeps the common invariants',
    (_name, strategy) => {
      expect(checkInvariants(strategy, { seed: SEED, runs: 20 })).toEqual([]);
    },
  );

  it('does something on some path', () => {
    const idle = registry.filter(
      (strategy) =>
        !terms.some((one) =>
          walkAgents(strategy, one).some(({ lots, actions }) => lots !== 0 || actions.length > 0),
        ),
    );
    expect(idle.map(({ name }) => name)).toEqual([]);
  });

  it('leaves for good after a liquidation that left it nothing', () => {
    const from = 20;
    const restless = registry.filter(({ style }) => style === 'sizing').filter((strategy) =>
      terms.some((one) => {
        const ruin = { from, equityQuote: 0, liquidated: true };
        const after = walkAgents(strategy, one, { ruin }).filter(({ step }) => step >= from);
        const decisions = Array.from(
          { length: WALK_AGENTS },
          (_, agent) => after.filter((decision) => decision.agent === agent).length,
        );
        return decisions.some((count) => count > 1);
      }),
    );
    expect(restless.map(({ name }) => name)).toEqual([]);
  });
});
