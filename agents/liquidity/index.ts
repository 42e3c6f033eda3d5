export { arbitrageur } from './arbitrageur.js';
export { marketMaker } from './market-maker.js';
