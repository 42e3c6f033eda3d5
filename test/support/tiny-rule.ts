/** A rule in a line or two, for tests of what runs rules. */
import {
  AgentField,
  type DecisionBatch,
  defineStrategy,
  type ParameterSpec,
  type RowOffsets,
  type StateSpec,
  type Strategy,
  type StrategyDeclaration,
} from '../../sim/strategy/index.js';

/** What a tiny rule may say; the rest is plain. */
export type TinyRule = Partial<Omit<StrategyDeclaration<string, string>, 'params' | 'state'>> & {
  params?: Record<string, Partial<ParameterSpec>>;
  state?: Record<string, Partial<StateSpec>>;
  /** Decides for agent i, whose row starts at r. */
  each?(batch: DecisionBatch, i: number, r: number, at: RowOffsets<string>): void;
};

/** Defines it: a sizing rule on its clock, unless it says otherwise. */
export function tinyRule(rule: TinyRule): Strategy {
  const { params = {}, state = {}, each, ...rest } = rule;
  return defineStrategy<string, string>({
    name: 'tiny',
    family: 'scaling',
    doc: 'A rule of a test.',
    source: 'none',
    style: 'sizing',
    orderSlots: 4,
    wakeOn: 0,
    gainSign: 0,
    exitTrigger: 'none',
    start(batch) {
      for (let i = 0; i < batch.count; i++) {
        batch.wakeAt[i] = batch.rows[batch.row[i] + AgentField.phaseMicros];
      }
    },
    decide(batch, at) {
      for (let i = 0; i < batch.count; i++) {
        const r = batch.row[i];
        batch.wakeAt[i] = batch.time[i] + batch.rows[r + AgentField.periodMicros];
        each?.(batch, i, r, at);
      }
    },
    ...rest,
    params: Object.fromEntries(
      Object.entries(params).map(([name, spec]) => [
        name,
        { doc: name, unit: '1', min: -1e9, max: 1e9, default: 0, source: 'assumption', ...spec },
      ]),
    ),
    state: Object.fromEntries(
      Object.entries(state).map(([name, spec]) => [
        name, { doc: name, unit: '1', initial: 0, ...spec },
      ]),
    ),
  });
}
