/** What the supervisor hands to its resident tasks, and what they hand back. Structured-cloneable. */
import type { MessagePort } from 'node:worker_threads';
import type { PriceBars } from '../../sim/oracle/index.js';
import type { RunFigures } from '../../sim/engine/index.js';
import type { RunMetadata } from '../../sim/trace/index.js';
import type { Scenario } from '../model/index.js';
import type { StrategyCode } from './strategies/index.js';

/** Everything a run's result depends on, except the version. */
export interface RunInputs {
  /** With every default filled in. */
  scenario: Scenario;
  seed: number;
  /** Bars that replace the scenario's index. */
  bars?: PriceBars;
  /** Strategies of the user's own that cohorts name. */
  userStrategies?: readonly StrategyCode[];
}

/** A failure planted by tests: the thread throws or dies when it is handed this window. */
export interface PlantedFailure {
  /** The deciding thread to fail, or -1 for the market. */
  decider: number;
  window: number;
  how: 'throw' | 'exit';
}

/** What every thread of a run needs to build the same world over the same memory. */
export interface ThreadJob {
  inputs: RunInputs;
  shards: number;
  /** Words in which threads say that they are inside a user's rule: the market 0, deciders from 1. */
  watch: SharedArrayBuffer;
  failAt?: PlantedFailure;
}

/** The market's task. */
export interface MarketJob extends ThreadJob {
  /** Shared memory that the supervisor watches: the control block. */
  buffers: Record<string, SharedArrayBuffer>;
  /** One per deciding thread; none when the market decides alone. */
  ports: MessagePort[];
  /** File of the event log. */
  logPath: string;
  check: boolean;
  /** Keeps the causal ledger, which the result does not depend on. */
  causality: boolean;
  /** Ends before the window that holds this time. */
  untilMicros?: number;
  /** Due agents from which other threads are asked. */
  inlineDueMax?: number;
}

/** A deciding thread's task: it receives its memory through the port. */
export interface DeciderJob extends ThreadJob {
  decider: number;
  port: MessagePort;
}

/** What the market's task returns. */
export interface MarketOutcome {
  figures: RunFigures;
  /** Seconds of the loop: wall, and processor time of all threads. */
  wallSeconds: number;
  cpuSeconds: number;
  /** Hash of the event log's rows. */
  logHash: string;
  metadata: RunMetadata;
}

/** The export's task. */
export interface ExportJob {
  directory: string;
  /** Recounts the money and makes no files. */
  logOnly: boolean;
  /** Hash of the run, for the replay. */
  hash: string;
  complete: boolean;
}

/** What the export found. */
export interface ExportOutcome {
  exportSeconds: number;
  conservationErrorQuanta: number;
  rowCounts: Record<string, number>;
}
