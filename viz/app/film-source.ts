/** Where a film's bytes come from: the server, a dropped file, or a run made in this page. */
import type { RangeReader } from '../data/index.js';

/** A failure the page can explain; `code` is the server's, or the page's own. */
export class SourceError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One line of the server's list of runs. */
export interface RunListing {
  id: string;
  modifiedEpochMs: number;
  replayBytes: number;
  scenario: string;
  seed: number;
  hash: string;
  partial: boolean;
  liquidations: number;
  liquidatedQuote: number;
  simulatedSeconds: number;
}

/** Fetches the list of runs. @throws SourceError */
export async function fetchRuns(): Promise<RunListing[]> {
  const response = await request('api/runs', {});
  const body = (await response.json()) as { runs: RunListing[] };
  return body.runs;
}

/** The hash in a run's manifest, empty when it has none. @throws SourceError */
export async function fetchManifestHash(runId: string): Promise<string> {
  const response = await request(`api/runs/${encodeURIComponent(runId)}/manifest`, {});
  const { hash } = (await response.json()) as { hash?: unknown };
  return typeof hash === 'string' ? hash : '';
}

/** A stored run, as far as it takes to run it again. */
export interface StoredRun {
  id: string;
  scenario: { name: string };
  seed: number;
  hash: string;
  /** Microseconds it lasted; 0 when it ran to its end. */
  untilMicros: number;
  /** Names and addresses of the user's strategies it was made with. */
  strategies: { name: string; url: string }[];
  /** Address of the prices that replaced the scenario's index; '' for none. */
  indexUrl: string;
}

/** Fetches what a run was made of. @throws SourceError */
export async function fetchStoredRun(runId: string): Promise<StoredRun> {
  const base = `api/runs/${encodeURIComponent(runId)}`;
  const manifest = (await (await request(`${base}/manifest`, {})).json()) as Partial<ManifestBody>;
  const { scenario, seed, hash, digests = {}, complete } = manifest;
  if (typeof scenario?.name !== 'string' || typeof seed !== 'number' || typeof hash !== 'string') {
    throw new SourceError('run/damaged', `The manifest of ${runId} does not say what it was made of.`);
  }
  let untilMicros = 0;
  if (complete === false) {
    const summary = (await (await request(`${base}/summary`, {})).json()) as SummaryBody;
    untilMicros = Math.round((summary.simulatedSeconds ?? 0) * 1e6);
  }
  const names = Object.keys(digests).flatMap((key) => /^strategies\/(.+)\.js$/.exec(key)?.[1] ?? []);
  // A worker resolves addresses against its own file.
  const absolute = (path: string): string => new URL(path, document.baseURI).href;
  return {
    id: runId,
    scenario,
    seed,
    hash,
    untilMicros,
    strategies: names.map((name) => ({ name, url: absolute(`${base}/strategies/${name}.js`) })),
    indexUrl: digests.index === undefined ? '' : absolute(`${base}/index.csv`),
  };
}

interface ManifestBody {
  scenario: { name: string };
  seed: number;
  hash: string;
  complete: boolean;
  digests: Record<string, string>;
}

interface SummaryBody {
  simulatedSeconds?: number;
}

/** Tells whether a film lives in this page only. */
export function isLocalFilm(runId: string): boolean {
  return localFilms.has(runId);
}

/** Reads a run's replay from the server by ranges. */
export function serverReader(runId: string): RangeReader {
  const url = `api/runs/${encodeURIComponent(runId)}/replay.bin`;
  return async (offset, bytes) => {
    const range = `bytes=${offset}-${offset + bytes - 1}`;
    const response = await request(url, { headers: { Range: range } });
    const body = new Uint8Array(await response.arrayBuffer());
    // A host that knows no ranges sends the whole file.
    return response.status === 200 ? body.slice(offset, offset + bytes) : body;
  };
}

/** Reads a file or the bytes of a run made here. */
export function blobReader(blob: Blob): RangeReader {
  return async (offset, bytes) =>
    new Uint8Array(await blob.slice(offset, offset + bytes).arrayBuffer());
}

/** Films that live in this page only, by the id their address has. */
const localFilms = new Map<string, Blob>();

/** Keeps a film under an id such as `here-calm-0`. */
export function keepLocalFilm(id: string, blob: Blob): void {
  localFilms.set(id, blob);
}

/** The reader of a run: local if there is one of that name, else the server's. */
export function readerOf(runId: string): RangeReader {
  const local = localFilms.get(runId);
  return local ? blobReader(local) : serverReader(runId);
}

async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new SourceError('server/gone', 'The server does not answer. Is stampede serve running?');
  }
  if (response.ok) return response;
  if (response.status === 416) {
    throw new SourceError(
      'trace/truncated',
      'The film was cut off: its file ends before its index does.',
    );
  }
  const body = (await response.json().catch(() => null)) as ErrorBody | null;
  const words = body?.error?.message ?? `the server answered ${response.status}`;
  throw new SourceError(body?.error?.code ?? 'server/error', words);
}

interface ErrorBody {
  error?: { code?: string; message?: string };
}
