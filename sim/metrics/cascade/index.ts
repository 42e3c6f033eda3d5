export {
  borelPmf,
  cascadeLaw,
  generalisedPoissonPmf,
  survivalProbability,
} from './generalised-poisson.js';
export type { CascadeLaw, CascadeLawTerms } from './generalised-poisson.js';
export { poissonPmf } from './poisson-pmf.js';
