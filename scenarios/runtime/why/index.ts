export { explainRun } from './explain.js';
export type { NothingToExplain } from './explain.js';
export type {
  CascadeStory,
  ChainLink,
  Explanation,
  LiquidationStory,
  Move,
  Party,
  PushEvent,
  SharePart,
} from './explanation.js';
