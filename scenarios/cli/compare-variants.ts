/** The two variants that `compare` was asked about. */
import { UserError } from '../../sim/kernel/index.js';
import { readRunRequest } from './run-options.js';
import type { RunRequest } from './run-options.js';
import { readList } from './values.js';

/** A variant as it was asked for. */
export interface Variant {
  place: string;
  settings: readonly string[];
  request: RunRequest;
}

/** A setting and the option it was given by. */
interface Given {
  option: string;
  setting: string;
}

/**
 * Reads both variants. One scenario with exactly two --set and nothing else is two variants;
 * otherwise --set is for both.
 */
export async function readVariants(args: Record<string, unknown>): Promise<[Variant, Variant]> {
  const given = (option: string) => readList(args, option).map((setting) => ({ option, setting }));
  const [both, ofA, ofB] = [given('set'), given('a'), [...given('b'), ...given('with')]];
  const place = String(args.scenario);
  const other = typeof args.other === 'string' ? args.other : place;
  const isOne = args.other === undefined && ofA.length + ofB.length === 0;
  if (isOne && both.length !== 2) {
    const what = 'a second scenario, --with path=value, or two --set';
    throw new UserError('usage/argument', `there is nothing to compare ${place} with; give ${what}`);
  }
  const [first, second] = isOne ? [[both[0]], [both[1]]] : [[...both, ...ofA], [...both, ...ofB]];
  return [await readVariant(args, place, first), await readVariant(args, other, second)];
}

async function readVariant(
  args: Record<string, unknown>,
  place: string,
  given: readonly Given[],
): Promise<Variant> {
  const settings = given.map((one) => one.setting);
  try {
    const request = await readRunRequest({ ...args, scenario: place, set: settings });
    return { place, settings, request };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A refusal names --set; the option that was given has another name.
    const own = given.find(({ setting }) => error.message.includes(`--set ${setting}`));
    if (own === undefined) throw error;
    const message = error.message.replaceAll(`--set ${own.setting}`, `--${own.option} ${own.setting}`);
    throw new UserError(error.code, message, error.exitCode);
  }
}
