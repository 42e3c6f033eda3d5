/** The studies of the page, in its order. */
import { depthSection } from './depth.js';
import { homogeneitySection } from './homogeneity.js';
import { latencySection } from './latency.js';
import { leverageSection } from './leverage.js';
import { scalingSection } from './scaling.js';
import type { StudySection } from './section.js';

/** One a shipped study. */
export const sections: readonly StudySection[] = [
  leverageSection,
  latencySection,
  depthSection,
  homogeneitySection,
  scalingSection,
];
