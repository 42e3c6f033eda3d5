/** Checks the correlations of a cohort: fields that are drawn, each pair once, one possible matrix. */
import type { Strategy } from '../../sim/strategy/index.js';
import { correlatedNames, correlationOf } from './correlation.js';
import type { Issue, Path } from './issue.js';
import { didYouMean } from './nearest.js';
import type { Cohort } from './schema.js';

/** Lists what is wrong with the correlations of a cohort whose strategy is `strategy`. */
export function correlationIssues(cohort: Cohort, strategy: Strategy, path: Path): Issue[] {
  const issues: Issue[] = [];
  const known = correlatedNames(cohort, strategy.paramNames);
  const taken = new Set<string>();
  const add = (at: Path, was: unknown, must: string, code = 'scenario/value') =>
    issues.push({ code, path: [...path, 'correlations', ...at], was, must });
  cohort.correlations.forEach(({ between }, i) => {
    between.forEach((name, side) => {
      if (known.includes(name)) return;
      const near = didYouMean(name, known);
      const must = near === '' ? `must be one of ${known.join(', ')}` : `is not drawn here${near}`;
      add([i, 'between', side], name, must);
    });
    const pair = [...between].sort().join(' and ');
    if (between[0] === between[1]) add([i, 'between', 1], between[1], 'must be another field');
    else if (taken.has(pair)) add([i, 'between'], pair, 'must be given once');
    taken.add(pair);
  });
  if (issues.length > 0) return issues;
  const found = correlationOf(cohort);
  if (found !== null && 'pair' in found) {
    const { between, rho } = cohort.correlations[found.pair];
    const must =
      `(${between.join(' with ')}) must leave the matrix of correlations positive definite: ` +
      'bring it closer to 0 or to what the other pairs imply; pairs left out are 0';
    add([found.pair, 'rho'], rho, must, 'scenario/range');
  }
  return issues;
}
