/** A study spelled out: its points, variants and replicates, and the order they are run in. */
import { createHash } from 'node:crypto';
import { blockOrder } from '../../../sim/design/index.js';
import { canonicalJson, metricsOf, runKey, sha256, subjectDigest } from '../run/index.js';
import type { RunMetric, RunRequest, Settings, Subject } from '../run/index.js';
import type { ExpandedDesign } from './expand.js';
import type { SequentialRule, Study } from './study-schema.js';

/** Where one run stands in its study. */
export interface RunPlace {
  point: number;
  /** Place among the variants. */
  variant: number;
  replicate: number;
}

/**
 * Everything a study runs. Run number `index` is (point * variants + variant) * replicates + replicate:
 * the order of the rows of its results.
 */
export class StudyPlan {
  readonly study: Study;
  readonly subject: Subject;
  readonly design: ExpandedDesign;
  readonly metrics: readonly RunMetric[];
  readonly variants: number;
  /** Most replicates of a point. */
  readonly replicates: number;
  /** Replicates of every point to begin with; all of them without a sequential rule. */
  readonly replicatesMin: number;
  readonly rule: SequentialRule | null;
  readonly #subjectDigest: string;
  #designDigest: string | null = null;

  constructor(study: Study, subject: Subject, design: ExpandedDesign) {
    this.study = study;
    this.subject = subject;
    this.design = design;
    this.metrics = metricsOf(subject);
    this.variants = study.variants.length;
    const { replicates } = study;
    this.rule = typeof replicates === 'number' ? null : replicates;
    this.replicates = typeof replicates === 'number' ? replicates : replicates.max;
    this.replicatesMin = typeof replicates === 'number' ? replicates : replicates.min;
    this.#subjectDigest = subjectDigest(subject);
  }

  get points(): number {
    return this.design.points.length;
  }

  /** Most runs the study can have. */
  get size(): number {
    return this.points * this.variants * this.replicates;
  }

  /** Runs that are made before a sequential rule is asked. */
  get sizeMin(): number {
    return this.points * this.variants * this.replicatesMin;
  }

  /** SHA-256 of points and seeds: which runs the study has, whatever they come to. O(points), once. */
  get designDigest(): string {
    if (this.#designDigest === null) {
      const { seed, replicates, variants } = this.study;
      const hash = createHash('sha256');
      hash.update(canonicalJson([variants.map((one) => one.set), seed, replicates]));
      for (const { settings } of this.design.points) hash.update(canonicalJson(settings));
      this.#designDigest = hash.digest('hex');
    }
    return this.#designDigest;
  }

  /**
   * SHA-256 of all that results depend on: the design, what is run, the statistical plan. Prose, budget and
   * folder do not enter.
   */
  get digest(): string {
    const { primary, confidence, tables } = this.study;
    const plan = [primary, confidence, [...tables].sort()];
    return sha256(canonicalJson([this.designDigest, this.#subjectDigest, plan]));
  }

  indexOf({ point, variant, replicate }: RunPlace): number {
    return (point * this.variants + variant) * this.replicates + replicate;
  }

  placeOf(index: number): RunPlace {
    const replicate = index % this.replicates;
    const rest = (index - replicate) / this.replicates;
    const variant = rest % this.variants;
    return { point: (rest - variant) / this.variants, variant, replicate };
  }

  /** Seed of a replicate: the same at every point and variant. */
  seedOf(replicate: number): number {
    return this.study.seed + replicate;
  }

  settingsOf({ point, variant }: Pick<RunPlace, 'point' | 'variant'>): Settings {
    return { ...this.study.variants[variant].set, ...this.design.points[point].settings };
  }

  requestOf(index: number): RunRequest {
    const place = this.placeOf(index);
    const seed = this.seedOf(place.replicate);
    const request = { subject: 0, settings: this.settingsOf(place), seed, index };
    const { tables } = this.study;
    return tables.length === 0 ? request : { ...request, tables };
  }

  keyOf(index: number): string {
    const { settings, seed } = this.requestOf(index);
    return runKey(this.#subjectDigest, settings, seed);
  }

  /**
   * Yields points in an order whose every beginning is an even share of the design; points that only say
   * something together follow each other.
   */
  *pointOrder(): Generator<number> {
    const { blockSize } = this.design;
    for (const block of blockOrder(this.points / blockSize)) {
      for (let k = 0; k < blockSize; k++) yield block * blockSize + k;
    }
  }

  /** Yields all runs of some replicates: replicate by replicate, points evenly, variants together. */
  *runs(from: number, to: number, points: () => Iterable<number> = () => this.pointOrder()): Generator<number> {
    for (let replicate = from; replicate < to; replicate++) {
      for (const point of points()) {
        for (let variant = 0; variant < this.variants; variant++) {
          yield this.indexOf({ point, variant, replicate });
        }
      }
    }
  }
}
