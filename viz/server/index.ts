export { createApp, createServer } from './server.js';
export type { RunningServer, ServerOptions } from './server.js';
export { RunFile, RunStore } from './run-store.js';
export type { RunListing } from './run-store.js';
