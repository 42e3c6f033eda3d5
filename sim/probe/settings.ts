/** Reads `key=value` settings of a probe: the rule's own parameters, and the wrapper's. */
import { UserError } from '../kernel/index.js';
import type { Strategy } from '../strategy/index.js';
import type { ProbeOptions } from './probe-types.js';

/** A setting that is not a parameter of the rule. */
export interface WrapperSetting {
  doc: string;
  unit: string;
  min: number;
  max: number;
}

/** Settings of the shared wrapper and of the probe, beside the parameters of the rule. */
export const wrapperSettings: Readonly<Record<string, WrapperSetting>> = {
  leverageMax: { doc: 'Leverage cap of the wrapper', unit: 'leverage', min: 0, max: 1e9 },
  band: { doc: 'No-trade band, part of the present exposure', unit: 'fraction', min: 0, max: 1e9 },
  period: { doc: 'Time from price to price', unit: 'microseconds', min: 1, max: 1e15 },
  crowding: { doc: 'Common part of signals', unit: 'fraction', min: 0, max: 1 },
  lot: { doc: 'Lot that targets are rounded to', unit: 'units', min: 0, max: 1e12 },
};

/** Returns every name `readSettings` takes for a rule. */
export function settingNames(strategy: Strategy): string[] {
  const others = Object.keys(wrapperSettings).filter((name) => !(name in strategy.params));
  return [...strategy.paramNames, ...others];
}

/**
 * Sorts settings into options of a probe. A parameter of the rule hides a setting of that name.
 *
 * @throws UserError `probe/setting` for a name that is neither, `probe/range` for a value out of
 * range.
 */
export function readSettings(
  strategy: Strategy,
  settings: Readonly<Record<string, number>>,
): Pick<ProbeOptions, 'params' | 'leverageMax' | 'band' | 'barMicros' | 'crowding' | 'lot'> {
  const params: Record<string, number> = {};
  const others: Record<string, number> = {};
  for (const [name, value] of Object.entries(settings)) {
    const own = Object.hasOwn(strategy.params, name);
    const spec = own ? strategy.params[name] : wrapperSettings[name];
    if (spec === undefined || !settingNames(strategy).includes(name)) {
      const must = `must be one of ${settingNames(strategy).join(', ')}`;
      throw new UserError('probe/setting', `setting of ${strategy.name} was "${name}", ${must}`);
    }
    checkRange(`${strategy.name}.${name}`, value, spec);
    if (own && strategy.params[name].integer && !Number.isInteger(value)) {
      const must = `must be a whole number in [${spec.min}, ${spec.max}]`;
      throw new UserError('probe/range', `${strategy.name}.${name} was ${value}, ${must}`);
    }
    if (own) params[name] = value;
    else others[name === 'period' ? 'barMicros' : name] = value;
  }
  return { params, ...others };
}

/** Refuses the options of a probe that no account can start from. @throws UserError `probe/...` */
export function checkOptions(options: ProbeOptions): void {
  const { startPrice, equity = 0, position = 0, entry = startPrice } = options;
  checkPrice('price', startPrice);
  checkPrice('entry', entry);
  checkRange('equity', equity, { unit: 'quote', min: -1e15, max: 1e15 });
  checkRange('position', position, { unit: 'units', min: -1e15, max: 1e15 });
}

/** Refuses what is not a price. @throws UserError `probe/price` */
export function checkPrice(what: string, price: number): void {
  if (price > 0 && price <= 1e15) return;
  throw new UserError('probe/price', `${what} was ${price}, must be a number above 0`);
}

function checkRange(
  what: string,
  value: number,
  { unit, min, max }: { unit: string; min: number; max: number },
): void {
  if (value >= min && value <= max) return;
  throw new UserError('probe/range', `${what} was ${value}, must be in [${min}, ${max}] [${unit}]`);
}
