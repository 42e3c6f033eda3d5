/** Errors on their way across threads: structured cloning drops the code of a UserError. */
import { UserError } from '../../sim/kernel/index.js';

/** An error in a form that survives a thread boundary. */
export interface CarriedError {
  message: string;
  /** Set for errors the user can mend. */
  code?: string;
  exitCode?: number;
  stack?: string;
}

/** A task's return value: errors are values, because a thrown one loses its code on the way. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: CarriedError };

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
