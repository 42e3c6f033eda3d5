/** `manifest.json` and `summary.json`: what a run was made of, and what came out. */
import type { RunMetadata } from '../../../sim/trace/index.js';

export const manifestFileName = 'manifest.json';
export const summaryFileName = 'summary.json';
/** Raised when a reader of an older manifest could be misled. */
export const manifestVersion = 1;

/** A file of the run directory. */
export interface ManifestFile {
  name: string;
  bytes: number;
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  sha256: string;
}

/** Everything needed to repeat the run, and to read its files. */
export interface Manifest {
  format: 'stampede-run';
  formatVersion: number;
  /** Name of the run directory. */
  id: string;
  /** Version of stampede that ran it. */
  version: string;
  seed: number;
  /** Hash of the run: events and final state. */
  hash: string;
  /** Hash of the event log alone, as in its footer. */
  logHash: string;
  /** False when the run was interrupted before its end. */
  complete: boolean;
  /** The scenario with every default resolved. */
  scenario: unknown;
  /** Digests of inputs that are not in the scenario: the index file, strategies of the user. */
  digests: Record<string, string>;
  metadata: RunMetadata;
  host: { platform: string; arch: string; node: string; cpus: number };
  /** ISO 8601. */
  createdAt: string;
  timings: { wallSeconds: number; cpuSeconds: number; exportSeconds: number };
  threads: number;
  /** Rows of the event log by kind. */
  rowCounts: Record<string, number>;
  files: ManifestFile[];
}

/** Headline figures: the object that `run --json` prints. Further keys may follow. */
export interface Summary {
  scenario: string;
  seed: number;
  version: string;
  hash: string;
  windows: number;
  simulatedSeconds: number;
  wallSeconds: number;
  cpuSeconds: number;
  exportSeconds: number;
  peakRssBytes: number;
  threads: number;
  traders: number;
  wakes: number;
  orderActions: number;
  trades: number;
  liquidations: { count: number; notionalQuote: number; largestCascade: number };
  price: { startQuote: number; minQuote: number; endQuote: number; maxDrawdownFraction: number };
  index: { minQuote: number; maxDrawdownFraction: number };
  insuranceFund: { startQuote: number; minQuote: number; endQuote: number };
  autoDeleveraging: { count: number; notionalQuote: number };
  badDebtQuote: number;
  conservationErrorQuanta: number;
  /** The run directory, null when none was written. */
  out: string | null;
  [more: string]: unknown;
}
