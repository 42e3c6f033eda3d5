/**
 * Times runs of one scenario with or without the causal ledger, in a process of its own: the code of a
 * process that knows both is compiled for both, and slower than either.
 *
 * node causality-run.js <scenario> <minutes> <on|off> <runs>
 */
import { LocalMemory } from '../../sim/kernel/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { buildWorld, resolveScenario } from '../../scenarios/model/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';

const [name, minutes, ledger, runs] = process.argv.slice(2);
const scenario = resolveScenario(loadScenario(name).scenario);
let seconds = Infinity;
let told = {};
for (let run = 0; run < Number(runs); run++) {
  const log = new EventLog(() => {});
  const spec = buildWorld(scenario, { seed: 0 });
  const world = new World(new LocalMemory(), spec, 1, log, { causality: ledger === 'on' });
  world.open();
  globalThis.gc?.();
  const before = process.cpuUsage();
  new WindowLoop(world, { parallel: false, untilMicros: Number(minutes) * 60_000_000 }).run();
  seconds = Math.min(seconds, process.cpuUsage(before).user / 1e6);
  const rows = log.counts.subarray(21, 26).reduce((sum, one) => sum + one, 0);
  told = { hash: world.stateHash(), rows, liquidations: world.venue.liquidationCount };
}
process.stdout.write(JSON.stringify({ seconds, ...told }));
