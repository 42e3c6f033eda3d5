/** Turns a design on the unit cube into points: values of factors, and the settings they make. */
import { UserError } from '../../../sim/kernel/index.js';
import {
  factorValue,
  gridDesign,
  latinHypercube,
  morrisDesign,
  randomDesign,
  saltelliDesign,
  simplexGrid,
  simplexPoint,
  sobolDesign,
} from '../../../sim/design/index.js';
import type { UnitDesign } from '../../../sim/design/index.js';
import type { Settings } from '../run/index.js';
import type { DesignChoice, Factor, Study } from './study-schema.js';

/** One point of a study. */
export interface StudyPoint {
  /** In the order of the factors. */
  values: readonly unknown[];
  settings: Settings;
}

/** The points of a study. */
export interface ExpandedDesign {
  points: readonly StudyPoint[];
  /** Consecutive points that only say something together. */
  blockSize: number;
  /** The design on the unit cube, null for a list. */
  unit: UnitDesign | null;
}
