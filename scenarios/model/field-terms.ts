/** A number to be drawn for each agent of a cohort. */
import type { Bounds, Distribution } from './distribution.js';

/** A distribution, the bounds its draws are cut to, and what they are multiplied by afterwards. */
export interface FieldTerms {
  distribution: Distribution;
  bounds: Bounds;
  factor: number;
  /** Bounds after multiplication. */
  limits: Bounds;
  integer: boolean;
}
