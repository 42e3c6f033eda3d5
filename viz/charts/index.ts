export { cohortStyle, palettes } from './palette.js';
export type { CohortStyle, Palette } from './palette.js';
export { beginCanvas, plotWidth } from './plot.js';
export type { Plot } from './plot.js';
export { drawTimeAxis, drawValueAxis, timeScale, timeTicks } from './time-axis.js';
export {
  DISC_RADIUS,
  bubbleAt,
  bubbleRadius,
  discUnit,
  drawBubbles,
  generationColor,
} from './bubbles.js';
export type { BubbleLook, Spot } from './bubbles.js';
export { layOutCascade } from './cascade-layout.js';
export type { TreeLayout, TreeLink, TreeMark } from './cascade-layout.js';
export { drawPriceLane, priceScale } from './price-lane.js';
export type { PriceLaneScene } from './price-lane.js';
export { drawNotionalLane, notionalScale } from './notional-lane.js';
export { drawExposureLabels, drawExposureLane, exposureScale } from './exposure-lane.js';
export type { ExposureScene } from './exposure-lane.js';
export { drawFundLane, fundScale } from './fund-lane.js';
export { drawScrubBar } from './scrub-bar.js';
export type { ScrubScene } from './scrub-bar.js';
