/** Plans a study: spells its design out and tries its settings before anything runs. */
import { UserError } from '../../../sim/kernel/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { issuesError } from '../../model/index.js';
import { prepare } from '../run/index.js';
import type { Settings } from '../run/index.js';
import { checkPaths } from './check-paths.js';
import { countPoints, expandDesign } from './expand.js';
import { placed } from './load-study.js';
import type { LoadedStudy } from './load-study.js';
import { StudyPlan } from './plan.js';
import { RUNS_MAX } from './study-schema.js';

/** Points tried beside those at the ends of every factor. */
const TRIED = 16;

/**
 * Returns the plan of a study.
 *
 * Every factor is tried at its ends and every variant at some points, so that a wrong path or value is told
 * at once and not by a thousand failed runs.
 *
 * @throws UserError `study/budget` when the design needs more runs than its budget, `study/path` when one
 * setting would replace another, and `scenario/...` with
 * the place of the factor or variant whose setting is refused
 */
export function planStudy(loaded: LoadedStudy): StudyPlan {
  const { study, subject, placeOf } = loaded;
  const { replicates, budget, variants } = study;
  const each = typeof replicates === 'number' ? replicates : replicates.min;
  const runs = countPoints(study) * variants.length * each;
  const most = Math.min(budget, RUNS_MAX);
  if (runs > most) {
    const fix = 'take fewer points or replicates, or raise budget';
    const must = `must be at least the ${runs} runs of the design; ${fix}`;
    throw new UserError('study/budget', `${placeOf({ path: ['budget'] })}budget: was ${most}, ${must}`);
  }
  const issues = checkPaths(study, subject);
  if (issues.length > 0) throw issuesError(issues, placeOf);
  if (typeof replicates !== 'number') refuseSize(runs / each, replicates.max, placeOf);
  const plan = new StudyPlan(study, subject, expandDesign(study));
  trySettings(plan, loaded);
  return plan;
}

/** Refuses a rule that may ask for more runs than a study can have. */
function refuseSize(cells: number, max: number, placeOf: LoadedStudy['placeOf']): void {
  if (cells * max <= RUNS_MAX) return;
  const must = `must be at most ${Math.floor(RUNS_MAX / cells)}: a study has ${RUNS_MAX} runs at most`;
  throw new UserError('study/budget', `${placeOf({ path: ['replicates', 'max'] })}replicates.max: was ${max}, ${must}`);
}

/** What settings are tried on. */
interface Trial {
  plan: StudyPlan;
  declared: readonly Strategy[];
}

function trySettings(plan: StudyPlan, { study, placeOf, declared }: LoadedStudy): void {
  const trial = { plan, declared };
  study.variants.forEach(({ set }, i) => {
    attempt(trial, set, placeOf({ path: ['variants', i, 'set'] }));
  });
  study.factors.forEach(({ name, path, sets }, i) => {
    const paths = path === undefined ? (sets ?? []).map((one) => one.path) : [path];
    const place = `${placeOf({ path: ['factors', i, path === undefined ? 'sets' : 'path'] })}factor ${name}: `;
    for (const point of endsOf(plan, i)) {
      const { settings } = plan.design.points[point];
      // A share of a mix may only make sense beside the others.
      const own = study.factors[i].simplex === undefined ? paths : Object.keys(settings);
      attempt(trial, Object.fromEntries(own.map((one) => [one, settings[one]])), place);
    }
  });
  const step = Math.max(1, Math.floor(plan.points / TRIED));
  for (let point = 0; point < plan.points; point += step) {
    const place = placeOf({ path: ['design'] });
    for (let variant = 0; variant < plan.variants; variant++) attempt(trial, plan.settingsOf({ point, variant }), place);
  }
}

/** Returns the points at which a factor is least and greatest, or first and last. */
function endsOf({ design }: StudyPlan, factor: number): number[] {
  let [least, greatest] = [0, 0];
  design.points.forEach(({ values }, point) => {
    if (Number(values[factor]) < Number(design.points[least].values[factor])) least = point;
    if (Number(values[factor]) > Number(design.points[greatest].values[factor])) greatest = point;
  });
  return [...new Set([least, greatest])];
}

function attempt({ plan, declared }: Trial, settings: Settings, place: string): void {
  try {
    prepare(plan.subject, settings, declared);
  } catch (error) {
    throw placed(error, place);
  }
}
