/** Makes one self-contained module of a user's strategy file. */
import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join, posix, resolve } from 'node:path';
import type { Message, Plugin } from 'esbuild';
import * as door from '../../../agents/author/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import { didYouMean } from '../../model/index.js';
import { statFile } from '../library.js';
import { builtFile } from '../package-info.js';

/** What a user's file calls this package. */
const DOORS = ['stampede-sim', 'stampede-sim/strategy'];
const DOOR_FILE = 'agents/author/index.js';
/** Not a name that can be imported: the stand-ins for globals. */
const HOST = 'stampede-sim:host';
const HOST_FILE = 'agents/author/host.js';
const NAMESPACE = 'stampede';
const ENDINGS = ['.ts', '.js', '.mjs', '.mts'];

/** Functions of Math that the simulator has of its own, and those it has not. */
const OWN = ['exp', 'expm1', 'log', 'log1p', 'pow', 'sin', 'cos', 'tanh'];
const NONE = [
  'log2', 'log10', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'asinh', 'acosh', 'atanh',
  'cbrt', 'hypot',
];

/** Members of Math whose bits are the same everywhere. */
const EXACT = [
  'abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc',
  'E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2',
];

/** Names the stand-ins have in a module: no user's file has them by chance. */
const standIn = (name: string): string => `stampede_${name}`;

const DEFINE: Record<string, string> = {
  ...Object.fromEntries(OWN.map((name) => [`Math.${name}`, standIn(name)])),
  ...Object.fromEntries(NONE.map((name) => [`Math.${name}`, standIn('elementary')])),
  ...Object.fromEntries(EXACT.map((name) => [`Math.${name}`, `Math.${name}`])),
  'Math.random': standIn('random'),
  // What is left takes the object itself: `const { sin } = Math`.
  Math: standIn('math'),
  Date: standIn('clock'),
  performance: standIn('clock'),
  // Results go to stdout; what a rule says is talk.
  'console.log': 'console.error',
  process: 'undefined',
};

/**
 * Returns the text of the module: the same wherever the file lies, and wherever this package does.
 *
 * @throws UserError `strategy/file`, `strategy/syntax` (`file:line:column`), `strategy/import`,
 * `strategy/default`
 */
export async function bundleStrategy(path: string): Promise<string> {
  const file = resolve(path);
  checkFile(path, file);
  const { build } = await import('esbuild');
  const name = basename(file);
  const exported = [...OWN, 'elementary', 'random', 'clock', 'math'];
  const built = await build({
    stdin: {
      contents:
        `export { default } from ${JSON.stringify(`./${name}`)};\n` +
        `export { pow } from ${JSON.stringify(HOST)};\n`,
      resolveDir: dirname(file),
      sourcefile: 'entry.js',
    },
    absWorkingDir: dirname(file),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    // Lowered to a function that can be replaced.
    supported: { 'exponent-operator': false },
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    // The user's own compiler options must not change the result.
    tsconfigRaw: '{}',
    define: DEFINE,
    inject: [`${HOST}/inject`],
    plugins: [
      packagePlugin(
        `export { ${exported.map((one) => `${one} as ${standIn(one)}`).join(', ')} } from '${HOST}';`,
      ),
    ],
  }).catch((error: { errors?: Message[] }) => {
    throw buildError(error, name);
  });
  const [{ text }] = built.outputFiles;
  return ownPower(text);
}

/** Replaces the host's power, to which the bundler lowers `**`, by the simulator's. */
function ownPower(text: string): string {
  const lowered = /^var __pow = Math\.pow;$/m;
  const own = /\n {2}(pow\w*)(?: as pow)?,?\n/.exec(text.slice(text.lastIndexOf('export {')))?.[1];
  if (!lowered.test(text) || own === undefined) return text;
  return text.replace(lowered, `function __pow(a, b) { return ${own}(a, b); }`);
}

function checkFile(given: string, file: string): void {
  const found = statFile(file, 'strategy/file');
  if (found === undefined) {
    const fix = 'make one with: stampede strategies new my-strategy';
    throw new UserError('strategy/file', `strategy file "${given}" does not exist; ${fix}`);
  }
  if (!found.isFile()) throw new UserError('strategy/file', `"${given}" is not a file; name a .ts or .js file`);
  if (ENDINGS.includes(extname(file))) return;
  const must = `must end in ${ENDINGS.join(', ')}`;
  throw new UserError('strategy/file', `strategy file was "${given}", ${must}`);
}

/**
 * Resolves this package to its own build, under names that hold no path of the machine, and lets the user's
 * files import each other and this package only.
 */
function packagePlugin(inject: string): Plugin {
  const root = dirname(dirname(dirname(builtFile(DOOR_FILE))));
  const inside = (path: string) => ({ path, namespace: NAMESPACE, sideEffects: false });
  return {
    name: NAMESPACE,
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, kind, importer, namespace }) => {
        if (path === `${HOST}/inject`) return { ...inside(path), sideEffects: true };
        if (path === HOST) return inside(HOST_FILE);
        if (namespace === NAMESPACE) return inside(posix.join(posix.dirname(importer), path));
        if (DOORS.includes(path)) return inside(DOOR_FILE);
        if (path.startsWith('./') || path.startsWith('../') || kind === 'entry-point') return undefined;
        const must = 'a strategy may import "stampede-sim" and its own files ("./...") only';
        return { errors: [{ text: `imports "${path}": ${must}` }] };
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
        contents: path === `${HOST}/inject` ? inject : readFileSync(join(root, path), 'utf8'),
        loader: 'js',
      }));
    },
  };
}

/** Tells the first thing that is wrong, with its place. */
function buildError(error: { errors?: Message[] }, name: string): Error {
  const first = error.errors?.[0];
  if (first === undefined) return error instanceof Error ? error : new Error(String(error));
  const { text, location } = first;
  if (/No matching export in .* for import "default"/.test(text)) {
    const must = 'must be: export default defineStrategy({...})';
    return new UserError('strategy/default', `${name}: has no default export, ${must}`);
  }
  const absent = /^No matching export in "stampede:.*" for import "(.*)"$/.exec(text);
  if (absent !== null && location !== null) {
    const at = `${location.file}:${location.line}:${location.column + 1}`;
    const what = `imports "${absent[1]}", which "stampede-sim" does not export`;
    throw new UserError('strategy/import', `${at}: ${what}${didYouMean(absent[1], Object.keys(door))}`);
  }
  const place = location === null ? name : `${location.file}:${location.line}:${location.column + 1}`;
  const code = /^imports "|^Could not resolve/.test(text) ? 'strategy/import' : 'strategy/syntax';
  return new UserError(code, `${place}: ${text.split('\n')[0]}`);
}
