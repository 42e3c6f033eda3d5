/** Points of a simplex: shares that are not negative and sum to 1, such as a mix of strategies. */
import { assert, pow, UserError } from '../kernel/index.js';
import { emptyDesign, type UnitDesign } from './unit-design.js';

/**
 * Writes shares to `shares` from as many coordinates in 0..1 but one, starting at unit[from].
 * Uniform coordinates give shares uniform on the simplex; each share takes its part of what is left
 * by the inverse of the distribution it has there, 1 - (1 - u)^(1 / (shares after it)) (Fang & Wang
 * 1994, "Number-theoretic methods in statistics", chapter 1). One to one, so that an even design
 * stays even, and defined at 0 and 1, where nothing and all of the rest is taken.
 */
export function simplexShares(unit: ArrayLike<number>, from: number, shares: Float64Array): void {
  const last = shares.length - 1;
  assert(last >= 0 && from + last <= unit.length, `${last} coordinates from ${from}`);
  let rest = 1;
  for (let i = 0; i < last; i++) {
    const kept = 1 - unit[from + i];
    const left = rest * (last - i === 1 ? kept : pow(kept, 1 / (last - i)));
    shares[i] = rest - left;
    rest = left;
  }
  shares[last] = rest;
}

/**
 * Returns the {parts, degree} simplex lattice (Scheffe 1958): every mix of shares 0, 1/degree, ...,
 * 1, in lexicographic order from all in the last part to all in the first. A point's coordinates
 * are the shares. There are (degree + parts - 1)! / (degree! (parts - 1)!) of them.
 *
 * @throws UserError design/levels for a degree that is not 1, 2, ..., design/size for too many
 */
export function simplexLattice(parts: number, degree: number): UnitDesign {
  if (!(Number.isInteger(degree) && degree >= 1)) {
    const rule = 'must be a whole number from 1';
    const text = `design: degree of the simplex lattice was ${degree}, ${rule}`;
    throw new UserError('design/levels', text);
  }
  let count = 1;
  for (let i = 1; i < parts; i++) count = (count * (degree + i)) / i;
  const design = emptyDesign(Math.round(count), parts);
  const units = new Int32Array(parts);
  units[parts - 1] = degree;
  for (let point = 0; point < design.count; point++) {
    for (let i = 0; i < parts; i++) design.unit[point * parts + i] = units[i] / degree;
    advance(units);
  }
  return design;
}

/**
 * Makes the next composition of the same sum: the last unit that can moves one part to the left.
 */
function advance(units: Int32Array): void {
  const last = units.length - 1;
  let from = last;
  while (from > 0 && units[from] === 0) from--;
  if (from === 0) return;
  const moved = units[from];
  units[from] = 0;
  units[from - 1]++;
  units[last] = moved - 1;
}
