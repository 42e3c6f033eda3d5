/** What a page and its worker say to each other. */
import type { RunFigures } from '../../sim/engine/index.js';

/** What the page asks for. */
export interface RunRequest {
  scenarioText: string;
  fileName: string;
  seed: number;
  /** Settings as on the command line: `dials.leverage=0.5`. */
  settings: string[];
  /** Ends early, at the window that holds this time; 0 runs to the end. */
  untilMicros: number;
  /** Whether to make a replay of it. */
  film: boolean;
  /** Strategies of the user's own: modules of this origin. */
  strategies?: { name: string; url: string }[];
  /** Address of prices that replace the scenario's index; none when empty. */
  indexUrl?: string;
}

/** What the worker tells. */
export type RunMessage =
  | { kind: 'progress'; micros: number; durationMicros: number }
  /** A user's strategy is about to be loaded or to decide; `isOver` when none will for a while. */
  | { kind: 'deciding'; strategy: string; micros: number; isOver: boolean }
  | { kind: 'done'; figures: RunFigures; wallSeconds: number; replay: Uint8Array<ArrayBuffer>[] }
  | { kind: 'failed'; code: string; message: string };
