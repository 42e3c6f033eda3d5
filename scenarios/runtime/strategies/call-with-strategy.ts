/** Calls a function with a user's strategy on a thread of its own, which can be ended. */
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../../sim/kernel/index.js';
import { uncarry } from '../carried-error.js';
import type { Outcome } from '../carried-error.js';
import { builtFile } from '../package-info.js';
import { firstLine } from '../../../sim/guard/index.js';
import { CALL_MILLIS_MAX, callUnderWay, fatalCallError, watchLoops, watchWords } from './loops.js';
import type { StrategyCode } from './strategy-code.js';

/** Far more than a path needs; past the host's own limit the whole process would be lost. */
const HEAP_MEBIBYTES = 1024;

/** A function of this package: `export function name(strategy: Strategy, input): T`. */
export interface StrategyCall {
  /** File of the build that exports it, such as `scenarios/runtime/strategies/try-strategy.js`. */
  module: string;
  name: string;
  /** Its second argument; structured-cloneable, as what it returns. */
  input: unknown;
}

/** What the thread is given. */
export interface CallJob {
  strategy: StrategyCode;
  call: StrategyCall;
  words: SharedArrayBuffer;
}

/**
 * Calls the function with the guarded strategy and resolves to what it returns.
 *
 * @param millisMax longest time one call of the rule may take
 * @throws UserError what the function throws; `strategy/...` of the guard; `strategy/timeout`;
 * `strategy/memory`; `strategy/exit` when the thread ends without an answer; `strategy/threw` when it
 * throws between two calls
 */
export function callWithStrategy<T>(
  { name, code, digest, place }: StrategyCode,
  call: StrategyCall,
  millisMax = CALL_MILLIS_MAX,
): Promise<T> {
  const words = watchWords(1);
  const strategy = { name, code, digest, place };
  const module = pathToFileURL(builtFile(call.module)).href;
  const workerData: CallJob = { strategy, call: { ...call, module }, words };
  const worker = new Worker(builtFile('scenarios/runtime/strategies/call-worker.js'), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
  });
  const answer = new Promise<T>((done, fail) => {
    const release = watchLoops({
      buffer: words,
      strategies: [name],
      cohorts: [],
      millisMax,
      onLoop: fail,
    });
    worker.once('message', (outcome: Outcome<T>) => {
      release();
      if (outcome.ok) done(outcome.value);
      else fail(uncarry(outcome.error));
    });
    worker.once('error', (error) => {
      release();
      const who = callUnderWay(0, { buffer: words, strategies: [name], cohorts: [] }) ?? place;
      const later = `${place}: threw "${firstLine(error)}" after it had returned`;
      fail(fatalCallError(error, who) ?? new UserError('strategy/threw', later));
    });
    worker.once('exit', () => {
      release();
      fail(new UserError('strategy/exit', `${place}: ended its thread without an answer`));
    });
  });
  return answer.finally(() => worker.terminate());
}
