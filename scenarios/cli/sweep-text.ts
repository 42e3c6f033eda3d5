/** What a sweep came to, for people and for programs. */
import type { SweepDone, StudyPlan } from '../experiment/index.js';
import { shellWord } from '../runtime/index.js';
import { short, span, whole } from './number-text.js';
import { paint } from './terminal.js';

/** Whose result it is. */
interface SweepSubject {
  plan: StudyPlan;
  out: string;
  budget: number | undefined;
}

/** One object; units are in the keys. */
export function sweepFacts(done: SweepDone, { plan, out, budget }: SweepSubject) {
  const { manifest, primary } = done;
  return {
    study: plan.study.name,
    digest: plan.digest,
    out,
    runs: { made: done.made, present: done.present, planned: done.planned, failed: done.failed },
    runsOfDesign: plan.sizeMin,
    budget: budget ?? null,
    complete: manifest?.complete ?? false,
    interrupted: done.interrupted,
    wallSeconds: done.wallSeconds,
    primary,
    files: manifest?.files ?? [],
    failures: manifest?.failures.slice(0, 20) ?? [],
  };
}

const LABEL_COLUMNS = 14;

/** At most 20 lines. */
export function sweepText(done: SweepDone, subject: SweepSubject): string {
  const { plan, out, budget } = subject;
  const { made, present, planned, failed, wallSeconds, primary, manifest } = done;
  const rate = made > 0 ? `, ${short(made / Math.max(wallSeconds, 1e-3))} a second` : '';
  const rows: [string, string][] = [
    ['runs', `${whole(present)} of ${whole(planned)}: ${whole(made)} made now in ${span(wallSeconds)}${rate}`],
  ];
  if (budget !== undefined && planned < plan.sizeMin) {
    rows.push(['budget', `${whole(budget)} spent; the design has ${whole(plan.sizeMin)} runs`]);
  }
  if (failed > 0) {
    rows.push(['failed', paint('red', `✗ ${whole(failed)}; each is in the table with its reason`)]);
    for (const one of (manifest?.failures ?? []).slice(0, 3)) {
      rows.push(['', `point ${one.point}, ${one.variant}, seed ${one.seed}: ${one.reason}`]);
    }
  }
  if (primary !== null) {
    const { label, value, low, high, count } = primary;
    rows.push(['outcome', `${label} ${short(value)} [${short(low)}, ${short(high)}] over ${whole(count)} runs of all points`]);
  }
  rows.push(['folder', out]);
  rows.push(['next', `stampede ${manifest === null ? 'merge' : 'analyze'} ${shellWord(out)}`]);
  const title = paint('bold', `${plan.study.name}${plan.study.title === '' ? '' : `: ${plan.study.title}`}`);
  return [title, ...rows.map(([label, text]) => `${paint('dim', label.padEnd(LABEL_COLUMNS))}${text}`)].join('\n');
}
