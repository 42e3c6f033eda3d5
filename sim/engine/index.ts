export { Barrier, Signal } from './barrier.js';
export { branchPoint, MECHANISMS, runBranch } from './branch.js';
export type { BranchChanges, BranchOutcome, BranchPoint, BranchTerms, Mechanism } from './branch.js';
export { DeskCounter, IntentDesk } from './intent-desk.js';
export { ExecutionField, EXECUTION_FIELDS } from './layout.js';
export { Market } from './market.js';
export { MarketBoard } from './market-board.js';
export { LEVEL_METRICS, runParticle } from './particle.js';
export type { LevelMetric, ParticleEnd, ParticleRun } from './particle.js';
export { INLINE_DUE_MAX, runDecider, shardsFor, WindowLoop } from './run-loop.js';
export type { LoopOptions, LoopResult } from './run-loop.js';
export { runInMemory } from './run-in-memory.js';
export type { MemoryRunOptions } from './run-in-memory.js';
export { Shard } from './shard.js';
export { readSnapshot, writeSnapshot } from './snapshot.js';
export { summarise } from './summary.js';
export type { RunFigures } from './summary.js';
export { exogenousSlots, venueAccounts } from './venue-accounts.js';
export { DecidingSide, World } from './world.js';
export type {
  CohortPopulation,
  CohortSpec,
  ExogenousOrder,
  FaultSpec,
  IndexPath,
  WorldSpec,
} from './world-spec.js';
