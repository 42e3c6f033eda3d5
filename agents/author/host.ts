/**
 * Stand-ins for globals that differ between engines, or between two runs.
 *
 * The bundler writes them where a user's file uses the global, so that `Math.exp(x)` there is the
 * simulator's own and gives the same bits in Node and in a browser.
 */
import { UserError } from '../../sim/kernel/index.js';

export { cos, exp, expm1, log, log1p, pow, sin, tanh } from '../../sim/kernel/index.js';

function refuse(what: string, instead: string): never {
  throw new UserError('strategy/impure', `${what} is not available in a simulation: use ${instead}`);
}

/** Stands for `Math.random`. @throws UserError always */
export function random(): never {
  return refuse('Math.random', 'batch.random, or batch.noise');
}

/** Stands for the functions of `Math` that the simulator has none of. @throws UserError always */
export function elementary(): never {
  return refuse(
    'this function of Math',
    'exp, expm1, log, log1p, pow, sin, cos, tanh, whose last bit is the same everywhere',
  );
}

/** Stands for objects that know the time. */
const clock: object = new Proxy(function () {}, {
  get: () => refuse('a clock', 'batch.time[i], in microseconds since the start'),
  construct: () => refuse('a clock', 'batch.time[i], in microseconds since the start'),
  apply: () => refuse('a clock', 'batch.time[i], in microseconds since the start'),
});
export { clock };
