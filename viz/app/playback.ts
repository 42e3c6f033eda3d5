/** The one clock of a replay: where it is, whether it runs, how fast. */

/** Simulated seconds per second. */
const SPEEDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200] as const;

/** How long a whole film takes at the speed it starts with. */
const FILM_SECONDS = 90;

/** A clock in simulated micros within [0, duration]. */
export class Playback {
  readonly durationMicros: number;
  timeMicros = 0;
  playing = false;
  private speedIndex: number;

  constructor(durationMicros: number) {
    this.durationMicros = durationMicros;
    const wished = durationMicros / 1e6 / FILM_SECONDS;
    this.speedIndex = Math.max(0, SPEEDS.filter((speed) => speed <= wished).length - 1);
  }

  get speed(): number {
    return SPEEDS[this.speedIndex] ?? 1;
  }

  /** Moves along the list of speeds. */
  changeSpeed(steps: number): void {
    this.speedIndex = Math.min(SPEEDS.length - 1, Math.max(0, this.speedIndex + steps));
  }

  /** Goes to a time, rounded to a microsecond and held inside the film. */
  seek(micros: number): void {
    this.timeMicros = Math.min(this.durationMicros, Math.max(0, Math.round(micros)));
  }

  /** Starts, from the beginning when the film has ended; or stops. */
  toggle(): void {
    if (!this.playing && this.timeMicros >= this.durationMicros) this.timeMicros = 0;
    this.playing = !this.playing;
  }

  /** Lets `realMillis` pass; stops at the end. */
  advance(realMillis: number): void {
    if (!this.playing) return;
    this.seek(this.timeMicros + realMillis * 1000 * this.speed);
    if (this.timeMicros >= this.durationMicros) this.playing = false;
  }
}

/** A speed in words: `30 min/s`. */
export function speedText(speed: number): string {
  if (speed < 60) return speed === 1 ? 'real time' : `${speed}\u00d7`;
  return speed < 3600 ? `${speed / 60} min/s` : `${speed / 3600} h/s`;
}
