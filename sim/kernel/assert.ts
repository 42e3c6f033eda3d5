/** Throws when a condition that the program itself must keep is broken.
 * @throws Error with `message`; a user's mistake throws `UserError` instead. */
export function assert(ok: boolean, message: string): asserts ok {
  if (!ok) throw new Error(`assertion failed: ${message}`);
}
