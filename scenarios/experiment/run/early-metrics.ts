/** What the first generations of cascades say of contagion, also where whole cascades cannot. */
import { earlyOffspring } from '../../../sim/criticality/index.js';
import type { Measurement } from '../../runtime/index.js';
import type { RunMetric } from './run-metric.js';

/** In the order of `earlyValues`. */
export const earlyMetrics: readonly RunMetric[] = [
  {
    name: 'reproductionNumber.early',
    unit: 'liquidations per liquidation',
    doc: 'Children of each liquidation of the generations that end before a tenth of the traders has fallen: unlike that of whole cascades, it may pass 1',
    better: 'lower',
  },
  {
    name: 'contagion.earlyOffspring',
    unit: 'liquidations',
    doc: 'Children of the liquidations of those generations: sums over runs have the ratio to pool',
    better: null,
  },
  {
    name: 'contagion.earlyNodes',
    unit: 'liquidations',
    doc: 'Liquidations of those generations',
    better: null,
  },
];

/** Counts over the generations of a run's cascades, all together. */
export function earlyValues(measured: readonly Measurement[], traders: number): (number | null)[] {
  const generations = measured
    .filter((one) => one.name === 'reproductionNumber.byGeneration')
    .map((one) => one.n);
  const { offspring, nodes } = earlyOffspring(generations, traders);
  return [nodes > 0 ? offspring / nodes : null, offspring, nodes];
}
