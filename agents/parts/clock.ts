/** The rebalance clock of strategies that decide once a bar. */
import { AgentField, type DecisionBatch } from '../../sim/strategy/index.js';

/** Sets the first tick of every agent's clock: its phase. */
export function startClock(batch: DecisionBatch): void {
  const { count, rows, row, wakeAt } = batch;
  for (let i = 0; i < count; i++) wakeAt[i] = rows[row[i] + AgentField.phaseMicros];
}
