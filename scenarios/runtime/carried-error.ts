/** Errors on their way across threads: structured cloning drops the code of a UserError. */
import { UserError } from '../../sim/kernel/index.js';
import type { CarriedError, Outcome } from './run-job.js';

/** Runs a task's body and returns its value or its error as a plain value. */
export async function settle<T>(body: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await body() };
  } catch (error) {
    return { ok: false, error: carry(error) };
  }
}

/** Turns a caught value into one that can be posted. */
export function carry(error: unknown): CarriedError {
  if (error instanceof UserError) {
    return { message: error.message, code: error.code, exitCode: error.exitCode };
  }
  if (error instanceof Error) return { message: error.message, stack: error.stack };
  return { message: String(error) };
}

/** Rebuilds the error that `carry` took apart. */
export function uncarry(carried: CarriedError): Error {
  if (carried.code !== undefined) {
    return new UserError(carried.code, carried.message, carried.exitCode);
  }
  const error = new Error(carried.message);
  if (carried.stack !== undefined) error.stack = carried.stack;
  return error;
}
