/**
 * A worker whose lock runs out soon, so that a test need not wait long for it to be missed:
 * node cluster-worker.mjs <url> <lock millis> [idle millis]
 */
import { parseQueueUrl, startQueueWorker } from '../../dist/scenarios/experiment/index.js';

const [url, lockMillis, idleMillis] = process.argv.slice(2);
const say = (line) => process.stderr.write(`${line}\n`);
const at = parseQueueUrl(url);
const idle = idleMillis === undefined ? undefined : Number(idleMillis);
const handle = await startQueueWorker({ at, threads: 1, lockMillis: Number(lockMillis), idleMillis: idle, say });
process.on('SIGTERM', () => handle.stop());
// It does not outlive the test.
process.stdin.on('end', () => process.exit()).resume().unref();
process.stdout.write('ready\n');
const { runs } = await handle.result;
process.stdout.write(`${runs} runs\n`);
