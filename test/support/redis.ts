/** A Redis server of a test's own, where one is installed: every write is on disk before it is answered. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { TestServer } from './queue-server.js';

/** Whether this machine has Redis. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** Starts Redis on a port of this machine only. */
export async function startRedis(folder: string, port: number): Promise<TestServer> {
  mkdirSync(folder, { recursive: true });
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    child = spawn('redis-server', [...flags, '--appendonly', 'yes', '--appendfsync', 'always'], { stdio: 'ignore' });
    while (!(await answers(port))) await new Promise((done) => setTimeout(done, 20));
  };
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    const ended = child;
    child = null;
    if (ended === null) return;
    const exited = new Promise((done) => ended.once('exit', done));
    ended.kill(signal);
    await exited;
  };
  await start();
  return { url, start, kill: end('SIGKILL'), stop: end('SIGTERM') };
}

/** Whether it answers and has read its log. */
function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      socket.destroy();
      done(String(text).startsWith('+PONG'));
    });
    socket.on('error', () => done(false));
  });
}
