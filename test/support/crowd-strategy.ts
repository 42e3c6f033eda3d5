/** A rule for engine tests that publishes, sees the crowd and the map, and trades on both. */
import { AgentField, defineStrategy, LiquidationMap } from '../../sim/strategy/index.js';
import type { DecisionBatch, Strategy } from '../../sim/strategy/index.js';

/** Called after each agent's decision. */
export type Watch = (batch: DecisionBatch, i: number, published: number) => void;

/** Sides with the crowd or against it by a draw, sized by what would be liquidated nearby. */
export function crowdStrategy(watch: Watch = () => {}, step = 1): Strategy {
  return defineStrategy({
    name: 'crowd', family: 'signal', doc: 'Made for a test.', source: 'none', params: {},
    state: { side: { doc: 'Side published', unit: '1', initial: 0 } },
    style: 'sizing', orderSlots: 2, gainSign: 0, exitTrigger: 'none', wakeOn: 4,
    publishes: 'side',
    seesLiquidationMap: true,
    start(batch) {
      for (let i = 0; i < batch.count; i++) {
        batch.wakeAt[i] = 500_000 + batch.rows[batch.row[i] + AgentField.phaseMicros];
      }
    },
    decide(batch, at) {
      for (let i = 0; i < batch.count; i++) {
        const r = batch.row[i];
        const u = batch.random.uniform(7, batch.rows[r + AgentField.keyLow], batch.rows[r + AgentField.draws]++);
        const lean = batch.crowdSum[i] / batch.cohortCount;
        batch.rows[r + at.side] = step * (u < 0.3 ? 0 : u < 0.65 + 0.2 * lean ? 1 : -1);
        const near = batch.mapAt[i] + LiquidationMap.below;
        let threat = 0;
        for (let k = 0; k < 20; k++) threat += batch.map[near + k];
        batch.target[i] = batch.rows[r + at.side] * (1000 + Math.min(threat, 50_000) / 50);
        batch.wakeAt[i] = batch.time[i] + batch.rows[r + AgentField.periodMicros];
        watch(batch, i, batch.rows[r + at.side]);
      }
    },
  });
}
