/** `stampede run --replicates`: a flat book on many seeds, beside its law. */
import { UserError } from '../../sim/kernel/index.js';
import { REPLICATES_MAX, startReplicates } from '../runtime/index.js';
import type { ReplicateProgress, ReplicatesDone } from '../runtime/index.js';
import { ExitCode } from './command.js';
import { untilEnded } from './interrupts.js';
import { short, span, whole } from './number-text.js';
import { ProgressLine } from './progress-line.js';
import { replicatesText } from './replicates-text.js';
import { reportError } from './report-error.js';
import type { RunRequest } from './run-options.js';
import { paintErr, printErr, printOut } from './terminal.js';
import { readFlag, readInteger, readText } from './values.js';

/** Options that are about one run only. */
const SINGLE_FLAGS = ['serve', 'check'];
const SINGLE_TEXTS = ['index'];

/** Reads how many replicates are asked for; null for a single run. @throws UserError `usage/value` */
export function readReplicates(args: Record<string, unknown>): number | null {
  if (args.replicates === undefined) return null;
  const count = readInteger(args, 'replicates', { min: 1, max: REPLICATES_MAX, fallback: 1 });
  const clash =
    SINGLE_FLAGS.find((name) => readFlag(args, name)) ??
    SINGLE_TEXTS.find((name) => readText(args, name) !== undefined);
  if (clash === undefined) return count;
  const must = 'must be left out with --replicates: it is about a single run';
  throw new UserError('usage/value', `--${clash} was given, ${must}`);
}

/** Runs the replicates, shows progress, and prints what they come to. */
export async function runReplicates(request: RunRequest, replicates: number): Promise<number> {
  const { scenario, seed, threads, out } = request.run;
  if (seed + replicates - 1 > Number.MAX_SAFE_INTEGER) {
    const most = Number.MAX_SAFE_INTEGER - replicates + 1;
    const must = `must be at most ${most} with ${replicates} replicates`;
    throw new UserError('usage/value', `--seed was ${seed}, ${must}: each takes the next one`);
  }
  for (const warning of request.warnings) printErr(`${paintErr('yellow', 'warning:')} ${warning}`);
  const options = { scenario, seed, replicates, threads, out: out ?? undefined };
  const repeat = `${request.repeat} --replicates ${replicates}`;
  try {
    const done = await follow(options, request.quiet);
    const { result, partial } = done;
    if (!request.quiet) printErr(costText(done, threads));
    const about = { scenario: scenario.name, seed, flat: scenario.flat };
    if (request.json) printOut(JSON.stringify({ ...about, ...result, partial }));
    else printOut(replicatesText(result, { scenario, seed, repeat, partial }));
    if (!partial) return ExitCode.ok;
    printErr(`interrupted: these are the replicates done; to run them all: ${repeat}`);
    return ExitCode.interrupted;
  } catch (error) {
    return reportError(error, `${scenario.name}, seed ${seed}, ${replicates} replicates`);
  }
}

const WORDS = {
  text: ({ done, replicates, filed, wallSeconds }: ReplicateProgress): string => {
    const rate = done / Math.max(wallSeconds, 0.001);
    const left = rate > 0 ? span(Math.ceil((replicates - done) / rate)) : '';
    const files = filed > 0 ? `, ${whole(filed)} filed` : `, ${left} left`;
    return `${whole(done)} of ${whole(replicates)} replicates, ${short(rate)} a second${files}`;
  },
  fraction: ({ done, replicates, filed }: ReplicateProgress): number =>
    (done === replicates && filed > 0 ? filed : done) / replicates,
};

/** Runs with progress; Ctrl-C finishes the batches under way, a second one ends at once. */
async function follow(
  options: Parameters<typeof startReplicates>[0],
  quiet: boolean,
): Promise<ReplicatesDone> {
  const handle = startReplicates(options);
  const progress = new ProgressLine(handle.progress, WORDS, quiet);
  return untilEnded(handle, progress, 'stopping after the replicates under way; once more to stop now and keep nothing');
}

function costText(done: ReplicatesDone, threads: number): string {
  const { result, wallSeconds, threadSeconds, filed } = done;
  const own = result.replicates / Math.max(threadSeconds, 1e-6);
  const rate = result.replicates / Math.max(wallSeconds, 1e-6);
  const cores = threads === 1 ? '1 thread' : `${threads} threads`;
  const files = filed === 0 ? '' : `; ${whole(filed)} run folders`;
  return (
    `${whole(result.replicates)} replicates in ${span(wallSeconds)} on ${cores}: ` +
    `${short(rate)} a second, start included, ${short(own)} a second and thread without it${files}`
  );
}
