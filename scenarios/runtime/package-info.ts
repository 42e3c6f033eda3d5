/** Where the package lies and which version it is; the same from the build and from the sources. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../sim/kernel/index.js';

const PACKAGE_NAME = 'stampede-sim';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && readFileSync(file, 'utf8').includes(`"name": "${PACKAGE_NAME}"`)) {
      return folder;
    }
    const above = dirname(folder);
    if (above === folder) throw new Error(`no ${PACKAGE_NAME} package above ${import.meta.url}`);
    folder = above;
  }
}

/** Folder that holds package.json. */
export const packageRoot: string = findRoot();

/** Version in package.json; part of a run's identity. */
export const packageVersion: string = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

/** Returns a file of the build. @throws UserError `build/missing` when the package is not built. */
export function builtFile(path: string): string {
  const file = join(packageRoot, 'dist', path);
  if (!existsSync(file)) {
    throw new UserError('build/missing', `dist/${path} is missing; run: npm run build`);
  }
  return file;
}
