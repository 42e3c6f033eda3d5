/** The stretch of a film that is on screen. */

/** Shortest stretch, in samples. */
const SAMPLES_MIN = 8;

/** A stretch that stays inside its film. */
export class TimeWindow {
  from = 0;
  to: number;
  private readonly durationMicros: number;
  private readonly leastMicros: number;

  constructor(durationMicros: number, seriesMicros: number) {
    this.durationMicros = durationMicros;
    this.leastMicros = Math.min(durationMicros, SAMPLES_MIN * seriesMicros);
    this.to = durationMicros;
  }

  get length(): number {
    return this.to - this.from;
  }

  /** Whether all of the film is shown. */
  get isWhole(): boolean {
    return this.length === this.durationMicros;
  }

  contains(micros: number): boolean {
    return micros >= this.from && micros <= this.to;
  }

  /** Time at a share of the width. */
  at(share: number): number {
    return this.from + share * this.length;
  }

  /** Where a time lies, as a share of the width; outside 0..1 when it is not shown. */
  shareOf(micros: number): number {
    return (micros - this.from) / this.length;
  }

  /** Moves to a stretch, pushed inside the film and widened to the shortest length. */
  place(fromMicros: number, toMicros: number): void {
    const wanted = Math.min(this.durationMicros, toMicros - fromMicros);
    const length = Math.round(Math.max(this.leastMicros, wanted));
    const middle = (fromMicros + toMicros) / 2;
    const latest = this.durationMicros - length;
    this.from = Math.round(Math.max(0, Math.min(latest, middle - length / 2)));
    this.to = this.from + length;
  }
}
