/** The table of commands. */
import { analyzeCommand } from './analyze-command.js';
import { benchCommand } from './bench-command.js';
import { breakCommand } from './break-command.js';
import { checkCommand } from './check-command.js';
import type { CommandSpec } from './command.js';
import { compareCommand } from './compare-command.js';
import { completionCommand } from './completion-command.js';
import { counterfactualCommand } from './counterfactual-command.js';
import { doctorCommand } from './doctor-command.js';
import { exportCommand } from './export-command.js';
import { scenariosCommand, schemaCommand, strategiesCommand } from './list-commands.js';
import { mergeCommand } from './merge-command.js';
import { metricsCommand } from './metrics-command.js';
import { probeCommand } from './probe-command.js';
import { queryCommand } from './query-command.js';
import { rareCommand } from './rare-command.js';
import { queueCommand } from './queue-command.js';
import { runCommand } from './run-command.js';
import { serveCommand } from './serve-command.js';
import { studiesCommand } from './studies-command.js';
import { sweepCommand } from './sweep-command.js';
import { validateCommand } from './validate-command.js';
import { verifyCommand } from './verify-command.js';
import { whyCommand } from './why-command.js';
import { workerCommand } from './worker-command.js';

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  runCommand,
  verifyCommand,
  whyCommand,
  counterfactualCommand,
  checkCommand,
  breakCommand,
  compareCommand,
  sweepCommand,
  mergeCommand,
  workerCommand,
  queueCommand,
  analyzeCommand,
  queryCommand,
  exportCommand,
  rareCommand,
  validateCommand,
  serveCommand,
  scenariosCommand,
  studiesCommand,
  strategiesCommand,
  metricsCommand,
  probeCommand,
  schemaCommand,
  benchCommand,
  doctorCommand,
  completionCommand(() => commands),
];
