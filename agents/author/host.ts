/**
 * Stand-ins for globals that differ between engines, or between two runs.
 *
 * The bundler writes them where a user's file uses the global, so that `Math.exp(x)` there is the
 * simulator's own and gives the same bits in Node and in a browser.
 */
import { UserError } from '../../sim/kernel/index.js';

import { cos, exp, expm1, log, log1p, pow, sin, tanh } from '../../sim/kernel/index.js';

export { cos, exp, expm1, log, log1p, pow, sin, tanh };

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

/** What is the same everywhere, by full name: the bundler replaces the bare object here too. */
const members: Readonly<Record<string, unknown>> = {
  cos, exp, expm1, log, log1p, pow, sin, tanh, random,
  abs: Math.abs, ceil: Math.ceil, clz32: Math.clz32, floor: Math.floor, fround: Math.fround,
  imul: Math.imul, max: Math.max, min: Math.min, round: Math.round, sign: Math.sign, sqrt: Math.sqrt,
  trunc: Math.trunc, E: Math.E, LN10: Math.LN10, LN2: Math.LN2, LOG10E: Math.LOG10E,
  LOG2E: Math.LOG2E, PI: Math.PI, SQRT1_2: Math.SQRT1_2, SQRT2: Math.SQRT2,
};

/** Stands for the object Math where a file takes it whole: `const { exp } = Math`. */
const math: object = new Proxy(Object.create(null) as object, {
  get(_target, key) {
    if (typeof key === 'symbol') return undefined;
    return Object.hasOwn(members, key) ? members[key] : elementary;
  },
});

/** Stands for objects that know the time. */
const clock: object = new Proxy(function () {}, {
  get: () => refuse('a clock', 'batch.time[i], in microseconds since the start'),
  construct: () => refuse('a clock', 'batch.time[i], in microseconds since the start'),
  apply: () => refuse('a clock', 'batch.time[i], in microseconds since the start'),
});
export { clock, math };
