export { FlatRun, FlatWorld } from './flat-world.js';
