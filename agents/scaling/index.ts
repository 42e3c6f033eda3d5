export { antiMartingale } from './anti-martingale.js';
export { buyAndHoldLevered } from './buy-and-hold-levered.js';
export { leverageTarget } from './leverage-target.js';
export { pyramiding } from './pyramiding.js';
export { stopLadder } from './stop-ladder.js';
export { volatilityTarget } from './volatility-target.js';
