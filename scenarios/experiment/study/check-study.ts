/** What the schema of a study cannot say: how its parts fit together. */
import { checkFactorLaw } from '../../../sim/design/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import { didYouMean } from '../../model/index.js';
import type { Issue, Path } from '../../model/index.js';
import { runMetrics } from '../run/index.js';
import type { RunMetric } from '../run/index.js';
import { functionMetrics } from '../run/functions.js';
import { lawOf } from './axes.js';
import type { Factor, Study } from './study-schema.js';

/** Columns that every table of runs has. */
export const RESERVED_COLUMNS = [
  'run',
  'point',
  'replicate',
  'variant',
  'seed',
  'status',
  'reason',
  'stateHash',
] as const;

/** How far shares may be from one, summed: what decimal fractions need. */
const SUM_TOLERANCE = 1e-9;
const STATISTIC = /^(mean|median|share|p(?:[1-9]\d?|0)(?:\.\d+)?)$/;

/** Lists what does not fit, in the order of the file. */
export function checkStudy(study: Study): Issue[] {
  return [
    ...checkBase(study),
    ...study.factors.flatMap((factor, i) => checkFactor(study, factor, i)),
    ...checkSimplexes(study),
    ...checkDesign(study),
    ...checkReplicates(study),
    ...checkSeeds(study),
    ...checkNames(study.variants, 'variants'),
    ...study.primary.flatMap((one, i) => {
      const at = ['primary', i];
      return [...checkMetric(study, one.metric, [...at, 'metric']), ...checkStatistic(one, at)];
    }),
  ];
}

function issue(path: Path, was: unknown, must: string, code = 'study/value'): Issue {
  return { code, path, was, must };
}

function checkBase({ base, tables }: Study): Issue[] {
  if (typeof base === 'string') return [];
  const { scenario, function: named } = base;
  if ((scenario === undefined) === (named === undefined)) {
    return [issue(['base'], base, 'must have either scenario or function')];
  }
  if (named === undefined) return [];
  const wrong: Issue[] = [];
  const must = 'must be left out with a function';
  if (base.strategies.length > 0) wrong.push(issue(['base', 'strategies'], base.strategies, must));
  if (base.index !== undefined) wrong.push(issue(['base', 'index'], base.index, must));
  if (Object.keys(base.set).length > 0) wrong.push(issue(['base', 'set'], base.set, must));
  if (tables.length > 0) wrong.push(issue(['tables'], tables, must));
  return wrong;
}

function checkFactor(study: Study, factor: Factor, i: number): Issue[] {
  const at = (key: string): Path => ['factors', i, key];
  const issues: Issue[] = [];
  const { name, range, values, transform, distribution, simplex } = factor;
  // SQL knows columns by their letters, great or small.
  const isSame = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  if (study.factors.findIndex((one) => isSame(one.name)) < i) {
    issues.push(issue(at('name'), name, 'must differ from the names of the other factors'));
  }
  const columns = [...RESERVED_COLUMNS, ...metricsOfBase(study).map((one) => one.name)];
  if (columns.some(isSame)) {
    issues.push(issue(at('name'), name, 'must not be the name of another column of the results'));
  }
  if ((factor.path === undefined) === (factor.sets === undefined)) {
    issues.push(issue(['factors', i], factor, 'must have either path or sets'));
  }
  if (simplex === undefined && (range === undefined) === (values === undefined)) {
    issues.push(issue(['factors', i], factor, 'must have either range or values'));
  }
  if (range !== undefined) {
    const [low, high] = range;
    if (!(low < high)) issues.push(issue(at('range'), `[${low}, ${high}]`, 'must have its least value before its greatest'));
    if (transform === 'log' && !(low > 0)) {
      issues.push(issue(at('range'), `[${low}, ${high}]`, 'must lie above 0 with transform: log'));
    }
    if (transform === 'integer' && !(Number.isInteger(low) && Number.isInteger(high))) {
      issues.push(issue(at('range'), `[${low}, ${high}]`, 'must have whole ends with transform: integer'));
    }
    if (simplex !== undefined && !(low >= 0 && high === 1)) {
      issues.push(issue(at('range'), `[${low}, ${high}]`, 'must be a least share and 1 in a simplex'));
    }
  }
  issues.push(...checkLaw(factor, at('distribution')));
  if (distribution !== undefined && (range === undefined || transform !== 'linear')) {
    issues.push(issue(at('distribution'), distribution.kind, 'must stand beside a range, without transform'));
  }
  if (factor.sets?.some((one) => one.scale !== 1 || one.offset !== 0) && values?.some((one) => typeof one !== 'number')) {
    issues.push(issue(at('values'), values, 'must be numbers where sets scales them'));
  }
  return issues;
}

/** The rest of what a factor's law needs, as designs state it. */
function checkLaw(factor: Factor, path: Path): Issue[] {
  if (factor.distribution === undefined || factor.range === undefined) return [];
  try {
    checkFactorLaw(lawOf(factor), factor.name);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [issue(path, factor.distribution.kind, `must fit the range: ${error.message}`)];
  }
}

function checkSimplexes(study: Study): Issue[] {
  const issues: Issue[] = [];
  for (const group of new Set(study.factors.map((one) => one.simplex))) {
    if (group === undefined) continue;
    const members = study.factors.flatMap((one, i) => (one.simplex === group ? [{ ...one, i }] : []));
    const at = (i: number): Path => ['factors', i, 'simplex'];
    if (members.length < 2) issues.push(issue(at(members[0].i), group, 'must group at least two factors'));
    for (const { i, values, transform } of members) {
      if (values !== undefined) issues.push(issue(['factors', i, 'values'], values, 'must be a range in a simplex'));
      if (transform !== 'linear') issues.push(issue(['factors', i, 'transform'], transform, 'must be linear in a simplex'));
    }
    const least = members.reduce((sum, one) => sum + (one.range?.[0] ?? 0), 0);
    if (!(least < 1)) {
      const was = `${group}, whose least shares sum to ${least}`;
      issues.push(issue(at(members[0].i), was, 'must be a group whose shares can sum to 1', 'study/simplex'));
    }
    if (study.design.kind === 'morris') {
      const must = 'must be left out with morris, which varies one factor at a time';
      issues.push(issue(at(members[0].i), group, must, 'study/simplex'));
    }
  }
  return issues;
}

function checkDesign(study: Study): Issue[] {
  const { design, factors } = study;
  if (factors.length === 0 && design.kind !== 'grid' && design.kind !== 'list') {
    return [issue(['design', 'kind'], design.kind, 'must be left out where no factor is varied')];
  }
  if (design.kind === 'morris' && design.levels % 2 !== 0) {
    return [issue(['design', 'levels'], design.levels, 'must be even', 'study/range')];
  }
  if (design.kind !== 'list') return [];
  return design.points.flatMap((point, i) => checkPoint(factors, point, ['design', 'points', i]));
}

function checkPoint(factors: readonly Factor[], point: Record<string, unknown>, at: Path): Issue[] {
  const issues: Issue[] = [];
  const names = factors.map((one) => one.name);
  for (const key of Object.keys(point)) {
    if (names.includes(key)) continue;
    issues.push(issue([...at, key], point[key], `must be the value of a factor${didYouMean(key, names)}`, 'study/factor'));
  }
  const missing = names.find((name) => !Object.hasOwn(point, name));
  if (missing !== undefined) issues.push(issue([...at, missing], undefined, 'must have a value at every point', 'study/factor'));
  const sums = new Map<string, number>();
  for (const factor of factors) {
    const { name, simplex } = factor;
    if (Object.hasOwn(point, name)) issues.push(...checkPointValue(factor, point[name], [...at, name]));
    if (simplex !== undefined) sums.set(simplex, (sums.get(simplex) ?? 0) + Number(point[name]));
  }
  for (const [group, sum] of sums) {
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      issues.push(issue(at, `a point whose simplex ${group} sums to ${sum}`, 'must sum to 1', 'study/simplex'));
    }
  }
  return issues;
}

/** A point lies within what its factor is said to vary over: the results' columns and reports rest on it. */
function checkPointValue({ range, values }: Factor, value: unknown, at: Path): Issue[] {
  if (values !== undefined) {
    const text = JSON.stringify(value);
    if (values.some((one) => JSON.stringify(one) === text)) return [];
    return [issue(at, value, "must be one of the factor's values", 'study/factor')];
  }
  const [low, high] = range ?? [0, 1];
  if (typeof value === 'number' && value >= low && value <= high) return [];
  return [issue(at, value, `must be a number in [${low}, ${high}], the range of the factor`, 'study/factor')];
}

function checkReplicates(study: Study): Issue[] {
  const { replicates } = study;
  if (typeof replicates === 'number') return [];
  const issues = checkMetric(study, replicates.metric, ['replicates', 'metric']);
  if (replicates.max < replicates.min) {
    issues.push(issue(['replicates', 'max'], replicates.max, `must be at least min, ${replicates.min}`, 'study/range'));
  }
  return issues;
}

function checkSeeds({ seed, replicates }: Study): Issue[] {
  const most = typeof replicates === 'number' ? replicates : replicates.max;
  const last = Number.MAX_SAFE_INTEGER - (most - 1);
  if (seed <= last) return [];
  return [issue(['seed'], seed, `must be at most ${last}: replicate k runs on seed + k, below 2^53`, 'study/range')];
}

function checkNames(all: readonly { name: string }[], key: string): Issue[] {
  return all.flatMap(({ name }, i) =>
    all.findIndex((one) => one.name === name) < i
      ? [issue([key, i, 'name'], name, 'must differ from the other names')]
      : [],
  );
}

function checkStatistic({ statistic, above }: Study['primary'][number], at: Path): Issue[] {
  if (!STATISTIC.test(statistic) || Number(statistic.slice(1)) === 0) {
    return [issue([...at, 'statistic'], statistic, 'must be mean, median, share, or pNN such as p95')];
  }
  if ((statistic === 'share') === (above !== undefined)) return [];
  return [issue([...at, 'above'], above, 'must be given with statistic: share, and only then')];
}

function metricsOfBase({ base }: Study): readonly RunMetric[] {
  return typeof base !== 'string' && base.function !== undefined ? functionMetrics : runMetrics;
}

function checkMetric(study: Study, name: string, path: Path): Issue[] {
  const names = metricsOfBase(study).map((one) => one.name);
  if (names.includes(name)) return [];
  const must = `must be one that stampede metrics --figures lists${didYouMean(name, names)}`;
  return [issue(path, name, must, 'metric/unknown')];
}
