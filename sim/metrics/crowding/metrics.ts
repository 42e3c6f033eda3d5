/** All metrics of crowding, in the order of this folder's README. */
import type { MetricInfo } from '../metric.js';
import {
  concordanceInfo,
  decisionKappaInfo,
  effectiveAgentsInfo,
  herdingInfo,
} from './concordance.js';
import { exitConvergenceInfo, exitOverlapInfo } from './exit-convergence.js';
import { exitPressureInfo, exitZonesInfo } from './exit-pressure.js';
import { liquidationDensityMetrics } from './liquidation-density.js';
import {
  aggregateGainInfo,
  basketAmplificationInfo,
  basketLoopGainInfo,
  loopGainInfo,
  loopGainMaxInfo,
  loopGainTimeInfo,
} from './loop-gain.js';
import {
  liquidityOverlapInfo,
  netCrowdingInfo,
  netCrowdingL1Info,
  positionOverlapInfo,
} from './position-overlap.js';
import {
  dominantStrategiesInfo,
  effectiveStrategiesInfo,
  strategyHomogeneityInfo,
} from './strategy-homogeneity.js';
import { timeCrowdingInfo } from './time-crowding.js';

/** Declarations of the group. */
export const crowdingMetrics: readonly MetricInfo[] = [
  positionOverlapInfo,
  liquidityOverlapInfo,
  netCrowdingInfo,
  netCrowdingL1Info,
  strategyHomogeneityInfo,
  effectiveStrategiesInfo,
  dominantStrategiesInfo,
  concordanceInfo,
  decisionKappaInfo,
  herdingInfo,
  effectiveAgentsInfo,
  exitPressureInfo,
  exitZonesInfo,
  exitConvergenceInfo,
  exitOverlapInfo,
  ...liquidationDensityMetrics,
  timeCrowdingInfo,
  aggregateGainInfo,
  loopGainInfo,
  loopGainMaxInfo,
  loopGainTimeInfo,
  basketLoopGainInfo,
  basketAmplificationInfo,
];
