/** `stampede serve`: the replay page over a folder of runs. */
import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../sim/kernel/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { untilInterrupted } from './interrupts.js';
import * as options from './options.js';
import { readPort } from './run-options.js';
import { paint, printErr, printOut } from './terminal.js';
import { readText } from './values.js';

/** The command. */
export const serveCommand: CommandSpec = {
  name: 'serve',
  doc: 'Serve the replays of a folder of runs, or of one run',
  positionals: [{ name: 'dir', doc: 'Folder of runs, or one run [default: runs]', required: false }],
  options: [options.port, options.host],
  examples: [
    ['serve', 'every run in runs/'],
    ['serve runs/calm-0-1a2b3c4d --port 8080', 'one run on a port of your choice'],
  ],
  run,
};

/** A server and the address of a run on it. */
export interface OpenServer {
  url: string;
  replayUrl(runFolder: string): string;
  close(): Promise<void>;
}

/** Opens the server on the port asked for; the default port gives way to a free one. */
export async function openServer(args: Record<string, unknown>, runs: string): Promise<OpenServer> {
  const host = readText(args, 'host');
  const isChosen = args.port !== undefined;
  const port = readPort(args);
  // Loaded only when needed: it doubles the time a command takes to start.
  const { createServer } = await import('../../viz/server/index.js');
  const server = await createServer({ runs, port, host }).catch((error: unknown) => {
    const isTaken = error instanceof UserError && error.code === 'serve/port';
    if (isChosen || !isTaken) throw error;
    return createServer({ runs, port: 0, host });
  });
  return {
    url: server.url,
    replayUrl: (folder) => `${server.url}#/replay/${encodeURIComponent(basename(folder))}`,
    close: () => server.close(),
  };
}

async function run(args: Record<string, unknown>): Promise<number> {
  const given = typeof args.dir === 'string' ? args.dir : 'runs';
  const folder = resolve(given);
  checkFolder(folder, given);
  const server = await openServer(args, folder);
  const isRun = existsSync(join(folder, 'manifest.json'));
  const url = isRun ? server.replayUrl(folder) : server.url;
  const interrupted = untilInterrupted();
  printOut(`serving ${folder}\nreplay  ${paint('cyan', url)}  (Ctrl-C to stop)`);
  const { RunStore } = await import('../../viz/server/index.js');
  if ((await new RunStore(folder).list()).length === 0) {
    printErr(`no runs in ${given} yet; they are listed as they are made`);
  }
  await interrupted;
  await server.close();
  return ExitCode.ok;
}

function checkFolder(folder: string, given: string): void {
  let isFolder: boolean | undefined;
  try {
    isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError('serve/folder', `folder "${given}" cannot be read (${why})`);
  }
  if (isFolder === undefined) {
    throw new UserError('serve/missing', `folder "${given}" does not exist; make a run first: stampede run`);
  }
  if (!isFolder) {
    throw new UserError('serve/folder', `"${given}" is not a folder; name a folder of runs, or of one run`);
  }
}
