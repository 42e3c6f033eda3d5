/** Stands in for a module of Node that a dependency names and the page never reaches. */

/** Nothing: random-js asks for Node's `crypto` only to seed itself, and the forest gives it a seed. */
export const absent = undefined;
