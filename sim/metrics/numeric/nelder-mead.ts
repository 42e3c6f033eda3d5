/** Minimises a function of a few variables without derivatives. Source: Nelder & Mead 1965. */

/** A minimum. */
export interface Minimum {
  at: Float64Array;
  value: number;
  evaluations: number;
  /** Whether the simplex shrank to the tolerance before the evaluations ran out. */
  converged: boolean;
}

/** When to stop. */
export interface MinimiseOptions {
  /** Length of the first simplex's edges. */
  step?: number;
  /** Largest difference of values and of coordinates within the last simplex. */
  tolerance?: number;
  evaluationsMax?: number;
}

/**
 * Finds a local minimum of `f` near `start` with Nelder & Mead's coefficients (1, 2, 1/2, 1/2).
 * `f` may return Infinity outside its domain; NaN counts as Infinity.
 */
export function minimise(
  f: (x: Float64Array) => number,
  start: ArrayLike<number>,
  { step = 0.5, tolerance = 1e-9, evaluationsMax = 4000 }: MinimiseOptions = {},
): Minimum {
  const n = start.length;
  let evaluations = 0;
  const vertex = (at: Float64Array): Vertex => {
    evaluations++;
    const value = f(at);
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = Array.from({ length: n + 1 }, (_, i) => {
    const at = Float64Array.from(start);
    if (i > 0) at[i - 1] += step;
    return vertex(at);
  });
  let converged = false;
  while (evaluations < evaluationsMax) {
    simplex.sort((a, b) => a.value - b.value || 0);
    converged = spread(simplex) <= tolerance;
    if (converged) break;
    const worst = simplex[n];
    const centre = centroid(simplex);
    const along = (t: number): Vertex =>
      vertex(centre.map((c, i) => c + t * (worst.at[i] - c)));
    const reflected = along(-1);
    if (reflected.value < simplex[0].value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[n - 1].value) simplex[n] = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[n] = contracted;
      else {
        const [best] = simplex;
        for (let i = 1; i <= n; i++) {
          simplex[i] = vertex(simplex[i].at.map((x, k) => 0.5 * (x + best.at[k])));
        }
      }
    }
  }
  simplex.sort((a, b) => a.value - b.value || 0);
  return { ...simplex[0], evaluations, converged };
}

interface Vertex {
  at: Float64Array;
  value: number;
}

/** Returns the centroid of all vertices but the last. */
function centroid(simplex: readonly Vertex[]): Float64Array {
  const n = simplex.length - 1;
  const centre = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) centre[k] += simplex[i].at[k] / n;
  }
  return centre;
}

function spread(simplex: readonly Vertex[]): number {
  const [best] = simplex;
  const last = simplex[simplex.length - 1];
  let widest = last.value - best.value;
  for (const { at } of simplex) {
    for (let k = 0; k < at.length; k++) widest = Math.max(widest, Math.abs(at[k] - best.at[k]));
  }
  return Number.isNaN(widest) ? Infinity : widest;
}
