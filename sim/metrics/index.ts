export { metricGroups } from './metric.js';
export type { MetricGroup, MetricInfo } from './metric.js';
export { metricInfos } from './metric-infos.js';
export {
  borelPmf,
  cascadeLaw,
  generalisedPoissonPmf,
  poissonPmf,
  survivalProbability,
} from './cascade/index.js';
export type { CascadeLaw, CascadeLawTerms } from './cascade/index.js';
