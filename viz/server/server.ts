/** The replay server: the API over run directories, and the built page. */
import { existsSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express from 'express';
import type { Express, Request, Response } from 'express';
import helmet from 'helmet';
import { UserError } from '../../sim/kernel/index.js';
import { jsonErrors, notFound } from './errors.js';
import { RunFile, RunStore } from './run-store.js';

/** What to serve and where. */
export interface ServerOptions {
  /** A folder of runs, or one run. */
  runs: string;
  /** 0 takes any free port. */
  port: number;
  host?: string;
  /** The built page; found beside the build when absent. */
  site?: string;
}

/** A server that listens. */
export interface RunningServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Starts serving and resolves once the port is open.
 * @throws UserError `serve/port` when the port is taken or not allowed, `serve/site` when the page
 * has not been built.
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const server = createHttpServer(createApp(options.runs, options.site ?? findSite()));
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(portError(error, options.port, host)),
    );
    server.listen(options.port, host, done);
  });
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${port}/`,
    port,
    close: () =>
      new Promise((done, fail) => {
        server.close((error) => (error ? fail(error) : done()));
        server.closeAllConnections();
      }),
  };
}

/** Builds the Express application alone, without a port. */
export function createApp(runs: string, site: string): Express {
  const store = new RunStore(runs);
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet(HELMET_OPTIONS));
  app.use(compression({ filter: mayCompress }));
  app.get('/api/runs', async (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ runs: await store.list() });
  });
  app.get('/api/runs/:id/manifest', async (request, response) => {
    response
      .set('Cache-Control', 'no-cache')
      .json(await store.json(request.params.id, RunFile.manifest));
  });
  app.get('/api/runs/:id/summary', async (request, response) => {
    response
      .set('Cache-Control', 'no-cache')
      .json(await store.json(request.params.id, RunFile.summary));
  });
  app.get('/api/runs/:id/replay.bin', async (request, response, next) => {
    const place = await store.path(request.params.id, RunFile.replay);
    response.type('application/octet-stream');
    response.sendFile(place.file, { root: place.directory, cacheControl: false }, (error) => {
      if (error && !request.destroyed) next(error);
    });
  });
  app.get('/api/runs/:id/index.csv', async (request, response, next) => {
    const place = await store.path(request.params.id, RunFile.index);
    response.type('text/csv');
    response.sendFile(place.file, { root: place.directory, cacheControl: false }, (error) => {
      if (error && !request.destroyed) next(error);
    });
  });
  app.get('/api/runs/:id/strategies/:name.js', async (request, response) => {
    const code = await store.strategy(request.params.id, request.params.name);
    response.set('Cache-Control', 'no-cache').type('text/javascript').send(code);
  });
  app.use('/api', notFound);
  app.use(express.static(site, { index: 'index.html', setHeaders: cacheSite }));
  app.use(notFound);
  app.use(jsonErrors);
  return app;
}

const HELMET_OPTIONS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      workerSrc: ["'self'"],
      connectSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
} as const;

/** Ranges must keep their byte offsets, and an event stream must not wait in a buffer. */
function mayCompress(request: Request, response: Response): boolean {
  const kind = String(response.getHeader('Content-Type') ?? '');
  if (request.headers.range !== undefined || kind.startsWith('text/event-stream')) return false;
  if (kind.startsWith('application/octet-stream')) return false;
  return compression.filter(request, response);
}

/** Hashed assets keep for ever; the page itself is asked for anew each time. */
function cacheSite(
  response: { setHeader(name: string, value: string): unknown },
  path: string,
): void {
  const hashed = /[\\/]assets[\\/]/.test(path);
  response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Works from the build and from the sources. */
function findSite(): string {
  for (const place of ['../app-site', '../../dist/viz/app-site']) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new UserError('serve/site', 'the page is not built; run: npm run build');
}

function portError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      'serve/port',
      `port ${port} on ${host} is in use; choose another with --port`,
    );
  }
  if (error.code === 'EACCES') {
    return new UserError(
      'serve/port',
      `port ${port} on ${host} is not allowed; choose one above 1023`,
    );
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserError('serve/port', `this machine has no address ${host}; try --host 127.0.0.1`);
  }
  return error;
}
