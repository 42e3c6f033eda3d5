export { liquidationHunter } from './liquidation-hunter.js';
export { spoofer } from './spoofer.js';
export { stopRunner } from './stop-runner.js';
