/** `stampede merge`: brings the parts of a study together. */
import { mergeStudy } from '../experiment/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { whole } from './number-text.js';
import * as options from './options.js';
import { paint, printOut } from './terminal.js';
import { readFlag } from './values.js';

/** The command. */
export const mergeCommand: CommandSpec = {
  name: 'merge',
  doc: 'Bring the parts of a study together and write its tables',
  positionals: [
    { name: 'folder', doc: 'Folder of the study', required: true },
    { name: 'parts..', doc: 'Folders of parts, when each machine had its own', required: false },
  ],
  options: [options.json],
  examples: [
    ['merge studies/leverage-x-crowding', 'when all parts wrote to one folder'],
    ['merge whole part-0 part-1 part-2 part-3', 'when each had its own'],
  ],
  async run(args) {
    const parts = Array.isArray(args.parts) ? args.parts.map(String) : [];
    const { path, manifest, taken } = mergeStudy(String(args.folder), parts);
    const { runs, complete } = manifest;
    const missing = runs.planned - runs.present;
    if (readFlag(args, 'json')) printOut(JSON.stringify({ folder: path, taken, runs, complete, files: manifest.files }));
    else {
      const mark = missing === 0 ? paint('green', '✓') : paint('red', '✗');
      const lacking = missing === 0 ? '' : `; ${whole(missing)} are missing: run their parts again`;
      printOut(`${mark} ${whole(runs.present)} of ${whole(runs.planned)} runs in ${path}, ${whole(runs.failed)} failed${lacking}`);
    }
    return missing > 0 || runs.failed > 0 ? ExitCode.incomplete : ExitCode.ok;
  },
};
