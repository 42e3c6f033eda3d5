export { arbitrageur } from './arbitrageur.js';
export { avellanedaStoikov } from './avellaneda-stoikov.js';
export { marketMaker } from './market-maker.js';
