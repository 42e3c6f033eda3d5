/** Surveys at regular times of a run. */
import { type LoopResult, WindowLoop, type World } from '../engine/index.js';

/**
 * Runs an opened world to its end on this thread and calls `look` between two windows whenever
 * `everyMicros` have passed, at the start too; the run is what it would be without.
 */
export function runSurveyed(
  world: World,
  everyMicros: number,
  look: (timeMicros: number) => void,
  untilMicros: number = world.spec.durationMicros,
): LoopResult {
  const { windowMicros, durationMicros } = world.spec;
  const until = Math.min(untilMicros, durationMicros);
  look(world.nextWindow * windowMicros);
  for (let next = everyMicros; ; next += everyMicros) {
    const loop = new WindowLoop(world, { parallel: false, untilMicros: Math.min(next, until) });
    const result = loop.run();
    if (result.partial || next >= until) return result;
    look(world.nextWindow * windowMicros);
  }
}
