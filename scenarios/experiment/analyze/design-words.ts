/** A study's design in the words of a paper. */
import type { StudyPlan } from '../study/index.js';
import { countText } from './number-words.js';

/** Describes the points. */
export function designWords(plan: StudyPlan): string {
  const { study, design, points } = plan;
  const factors = countText(study.factors.length, 'factor');
  const choice = study.design;
  if (study.factors.length === 0) return 'a single point, no factor varied';
  switch (choice.kind) {
    case 'grid': {
      const levels = design.axes.map((axis) => axis.levels(choice.levels)).join(' × ');
      return `a full factorial grid of ${levels} levels of ${factors} (${countText(points, 'point')})`;
    }
    case 'list':
      return `${countText(points, 'point')} of ${factors}, listed one by one`;
    case 'random':
      return `${countText(points, 'point')} of ${factors}, drawn independently`;
    case 'latinHypercube':
      return `a Latin hypercube of ${countText(points, 'point')} in ${factors}${choice.maximin ? ', spread by swaps that raise the least distance' : ''}`;
    case 'sobol':
      return `the first ${countText(points, 'point')} of a Sobol sequence in ${factors}${choice.scramble ? ', Owen-scrambled' : ''}`;
    case 'morris':
      return `${countText(choice.trajectories, 'trajectory', 'trajectories')} of one step in each of ${factors} on ${choice.levels} levels (Morris 1991), spread as by Campolongo, Cariboni & Saltelli 2007 (${countText(points, 'point')})`;
    case 'saltelli':
      return `Saltelli's scheme (Saltelli et al. 2010): ${countText(choice.rows, 'row')} of ${design.blockSize} points in ${factors} on a scrambled Sobol sequence (${countText(points, 'point')})`;
  }
}

/** Describes how many runs a point has. */
export function replicateWords({ study }: StudyPlan): string {
  const { replicates } = study;
  if (typeof replicates === 'number') return countText(replicates, 'replicate');
  return `${replicates.min} to ${replicates.max} replicates, as many as a precision needs`;
}
