export { contourLines, heatMap } from './heat-map.js';
export { levelChart } from './level-chart.js';
export type { LevelSeries } from './level-chart.js';
export { morrisChart } from './morris-chart.js';
export { runningChart } from './running-chart.js';
export { shareBars } from './share-bars.js';
export { escapeXml, figureCss, standalone, themeCss } from './svg.js';
export type { Figure } from './svg.js';
