/** Test functions of sensitivity analysis. */
import { sin } from '../../../sim/kernel/index.js';

/** A function of named numbers. */
export interface TestFunction {
  name: string;
  doc: string;
  inputs: readonly { name: string; fallback: number }[];
  /** Value at the inputs, in order; those with noise draw it from the seed. */
  evaluate(at: readonly number[], seed: number): number;
}

/**
 * Each has indices known in closed form: Ishigami & Homma 1990 with a = 7, b = 0.1 over (-pi, pi); the toy
 * of Morris screening over (0, 1).
 */
export const testFunctions: readonly TestFunction[] = [
  {
    name: 'ishigami',
    doc: 'sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1',
    inputs: ['x1', 'x2', 'x3'].map((name) => ({ name, fallback: 0 })),
    evaluate: ([x1, x2, x3]) => {
      const s = sin(x2);
      return sin(x1) + 7 * s * s + 0.1 * x3 * x3 * x3 * x3 * sin(x1);
    },
  },
  {
    name: 'morris-toy',
    doc: '3 x1 + 2 x2 + 0.01 x3 + 5 x1 x2',
    inputs: ['x1', 'x2', 'x3'].map((name) => ({ name, fallback: 0 })),
    evaluate: ([x1, x2, x3]) => 3 * x1 + 2 * x2 + 0.01 * x3 + 5 * x1 * x2,
  },
];
