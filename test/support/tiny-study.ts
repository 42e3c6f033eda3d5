/** Studies small enough to be run in a test. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A study of a function: thousands of runs a second. */
export const TOY_STUDY = `name: toy
base: { function: morris-toy }
factors:
  - { name: x1, path: x1, range: [0, 1] }
  - { name: x2, path: x2, values: [0, 0.5, 1] }
design: { kind: grid, levels: 4 }
replicates: 5
variants:
  - { name: base }
  - { name: shifted, set: { x3: 1 } }
primary: [{ metric: y }]
`;

/** Writes a study into a folder and returns its path. */
export function writeStudy(folder: string, text = TOY_STUDY, name = 'study.yaml'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
