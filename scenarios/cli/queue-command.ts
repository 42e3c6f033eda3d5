/** `stampede queue`: what is in a queue, and what becomes of its dead letters. */
import { UserError } from '../../sim/kernel/index.js';
import { dropDead, parseQueueUrl, QueueLink, queueFacts, retryDead } from '../experiment/index.js';
import type { DeadLetter, QueueFacts } from '../experiment/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { whole } from './number-text.js';
import * as options from './options.js';
import * as queueing from './queue-options.js';
import { paint, printErr, printOut } from './terminal.js';
import { readFlag } from './values.js';

/** Dead letters told one by one; --json has all. */
const SHOWN_MAX = 20;
/** Runs of a dead letter told one by one. */
const RUNS_MAX = 3;

/** The command. */
export const queueCommand: CommandSpec = {
  name: 'queue',
  doc: 'Look at a queue: jobs, and dead letters with their reasons',
  positionals: [{ name: 'url', doc: 'redis://host or postgres://user:password@host/database', required: true }],
  options: [queueing.retry, queueing.drop, options.json],
  examples: [
    ['queue redis://host', 'how full it is, and which jobs nobody could make'],
    ['queue redis://host --retry', 'puts these back; sweep --resume takes their results'],
    ['queue redis://host --drop', 'ends these as failed runs; sweep --resume records them'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const [isRetry, isDrop] = [readFlag(args, 'retry'), readFlag(args, 'drop')];
  if (isRetry && isDrop) throw new UserError('usage/value', '--retry and --drop were given; give one');
  const link = await QueueLink.open(parseQueueUrl(String(args.url)), printErr);
  try {
    const facts = await queueFacts(link);
    const changed = isRetry ? await retryDead(link) : isDrop ? await dropDead(link) : 0;
    if (readFlag(args, 'json')) printOut(JSON.stringify({ ...facts, retried: isRetry ? changed : 0, dropped: isDrop ? changed : 0 }));
    else {
      printOut(queueText(facts));
      if (isRetry) printOut(`${whole(changed)} put back; stampede sweep --resume takes their results`);
      if (isDrop) printOut(`${whole(changed)} dropped; stampede sweep --resume records their runs as failed`);
    }
    return ExitCode.ok;
  } finally {
    await link.close();
  }
}

function queueText({ waiting, active, completed, dead }: QueueFacts): string {
  const rows = [
    `${whole(waiting)} jobs waiting, ${whole(active)} under way, ${whole(completed)} done and not yet taken`,
    dead.length === 0 ? 'no dead letters' : paint('red', `${whole(dead.length)} dead letters`),
    ...dead.slice(0, SHOWN_MAX).map(deadText),
  ];
  if (dead.length > SHOWN_MAX) rows.push(`and ${whole(dead.length - SHOWN_MAX)} more; --json has all`);
  return rows.join('\n');
}

function deadText({ id, study, reason, isDropped, runs }: DeadLetter): string {
  const shown = runs.slice(0, RUNS_MAX).map(({ index, seed, settings }) => {
    const values = Object.entries(settings).map(([path, value]) => ` ${path}=${JSON.stringify(value)}`);
    return `    run ${index}: seed ${seed}${values.join('')}`;
  });
  if (runs.length > RUNS_MAX) shown.push(`    and ${whole(runs.length - RUNS_MAX)} more runs`);
  return [`  ${id.slice(0, 12)} ${study}${isDropped ? ' (dropped)' : ''}: ${reason}`, ...shown].join('\n');
}
