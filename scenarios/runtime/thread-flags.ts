/** How threads are started. */

/**
 * Flags of node for every thread of a pool. A pool first tries to `require` a task; a thread that is ended
 * while node 20 loads a module that way takes the whole process down ("IsGraphAsync must be used on an
 * instantiated module"). Without it, a task is imported, which may be ended at any moment.
 */
export const threadFlags: readonly string[] = ['--no-experimental-require-module'];
