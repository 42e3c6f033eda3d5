/** From quote units to integers: the tick, the lot and the quantum of an instrument. */
import { UserError } from '../../sim/kernel/index.js';
import type { Instrument } from './schema.js';

/** Ticks the first price is put near when the tick is chosen. */
const START_TICKS = 16_000;
/** A written tick gives way when a price file starts outside these ticks. */
const TICKS_MIN = 2_000;
const TICKS_MAX = 200_000;
/** Notional of a lot of a linear contract that is chosen, quote units: the power of ten near it. */
const LOT_QUOTE = 1;
const QUANTUM_LINEAR = 1e-6;
const QUANTUM_INVERSE = 1e-8;
/** Quote value the quantum of an inverse contract is put near when prices are rescaled. */
const QUANTUM_QUOTE = 1e-4;

/** Open interest that an inverse contract's quantum leaves room for when prices are rescaled. */
const OPEN_INTEREST_QUOTE = 2e9;
const QUANTA_MAX = 4_503_599_627_370_496;
/** Prices may fall this far below the index. */
const PRICE_FACTOR = 4;

/** Size of an instrument's integers. */
export interface Scale {
  inverse: boolean;
  startPrice: number;
  startTicks: number;
  quotePerTick: number;
  /** Linear: base units per lot. Inverse: quote units per lot. */
  quotePerLot: number;
  /** Quanta per unit of collateral (inverse: base; linear: quote). */
  quantaPerUnit: number;
  /** As the venue takes it: see `ContractSpec`. */
  multiplier: number;
  /** Tick, lot and quantum were chosen anew, for a price file of another scale. */
  isRescaled: boolean;
  /** Multiplies sizes written in lots. 1 unless a price file of another scale is used. */
  lotsFactor: number;
  /** Multiplies distances written in ticks. */
  ticksFactor: number;
  /** Multiplies amounts written in collateral. */
  collateralFactor: number;
}

/**
 * Chooses the integers of an instrument whose first price is `startPrice`.
 *
 * `writtenPrice` is the first price of the scenario's own index. When a price file starts where the
 * written tick would be too coarse or too fine, tick, lot and quantum are chosen anew, and sizes in
 * lots, distances in ticks and amounts of collateral keep their worth in quote units. The lowest
 * price of the file then bounds how fine the quantum of an inverse contract can be.
 *
 * @throws UserError `scenario/range` when no integers fit.
 */
export function chooseScale(
  instrument: Instrument,
  writtenPrice: number,
  startPrice: number,
  lowestPrice = startPrice,
): Scale {
  const { kind, tick, lot, quantum } = instrument.contract;
  const inverse = kind === 'inverse';
  const ticks = tick === 'auto' ? START_TICKS : startPrice / tick;
  const fits = ticks >= TICKS_MIN && ticks <= TICKS_MAX;
  const own = units(inverse, tick, lot, quantum, writtenPrice);
  const isRescaled = startPrice !== writtenPrice && (tick === 'auto' || !fits);
  const used = isRescaled ? units(inverse, 'auto', 'auto', 'auto', startPrice) : own;
  if (isRescaled && inverse) {
    used.quotePerLot = own.quotePerLot;
    used.quantaPerUnit = powerOfTenNear(startPrice / QUANTUM_QUOTE);
    // A collapsing price makes fixed quote values worth ever more of the base: leave room for it.
    const lowest = Math.max(lowestPrice, used.quotePerTick) / PRICE_FACTOR;
    const most = (QUANTA_MAX * lowest) / OPEN_INTEREST_QUOTE;
    while (used.quantaPerUnit > 1 && used.quantaPerUnit > most) used.quantaPerUnit /= 10;
  }
  const multiplier = wholeMultiplier(instrument, used);
  const startTicks = Math.round(startPrice / used.quotePerTick);
  if (startTicks < 1) {
    throw new UserError(
      'scenario/range',
      `venue.instruments.${instrument.name}.contract.tick: was ${used.quotePerTick}, ` +
        `must be at most the first price (${startPrice})`,
    );
  }
  return {
    inverse,
    startPrice,
    startTicks,
    quotePerTick: used.quotePerTick,
    quotePerLot: used.quotePerLot,
    quantaPerUnit: used.quantaPerUnit,
    multiplier,
    isRescaled,
    lotsFactor:
      isRescaled && !inverse
        ? (own.quotePerLot * writtenPrice) / (used.quotePerLot * startPrice)
        : 1,
    ticksFactor: isRescaled
      ? (own.quotePerTick / writtenPrice) * (startPrice / used.quotePerTick)
      : 1,
    collateralFactor: isRescaled && inverse ? writtenPrice / startPrice : 1,
  };
}

/**
 * Gives the instruments of a venue one quantum, as they share wallets and a fund: the written one,
 * else the finest that any of them needs. A quantum written for the prices of the scenario gives
 * way when a price file of another scale needs a finer one.
 *
 * @throws UserError `scenario/range` when the quantum does not fit a contract.
 */
export function shareQuantum(
  instruments: readonly Instrument[],
  scales: readonly Scale[],
): Scale[] {
  const isRescaled = scales.some((scale) => scale.isRescaled);
  const written = instruments.findIndex(({ contract }) => contract.quantum !== 'auto');
  const quantaPerUnit =
    written >= 0 && !isRescaled
      ? scales[written].quantaPerUnit
      : Math.max(...scales.map((scale) => scale.quantaPerUnit));
  return scales.map((scale, i) =>
    scale.quantaPerUnit === quantaPerUnit
      ? scale
      : {
          ...scale,
          quantaPerUnit,
          multiplier: wholeMultiplier(instruments[i], { ...scale, quantaPerUnit }),
        },
  );
}

/** Returns the whole quanta an amount of quote units is worth at the start price. */
export function equityQuanta(quote: number, scale: Scale): number {
  const startPrice = scale.startTicks * scale.quotePerTick;
  const collateral = scale.inverse ? quote / startPrice : quote;
  return Math.floor(collateral * scale.quantaPerUnit);
}

interface Units {
  quotePerTick: number;
  quotePerLot: number;
  quantaPerUnit: number;
}

/** Returns the multiplier of a contract, which must be a whole number. */
function wholeMultiplier(instrument: Instrument, used: Units): number {
  const { quotePerTick, quotePerLot, quantaPerUnit } = used;
  const raw =
    instrument.contract.kind === 'inverse'
      ? (quantaPerUnit * quotePerLot) / quotePerTick
      : quotePerTick * quotePerLot * quantaPerUnit;
  const multiplier = Math.round(raw);
  const isWhole = multiplier >= 1 && Math.abs(raw - multiplier) <= 1e-9 * raw;
  if (isWhole && Number.isSafeInteger(multiplier)) return multiplier;
  const was = `tick ${quotePerTick}, lot ${quotePerLot}, quantum ${1 / quantaPerUnit}`;
  throw new UserError(
    'scenario/range',
    `venue.instruments.${instrument.name}.contract: was ${was}, must make a lot worth a whole ` +
      'number of quanta a tick (inverse: quantum times tick must divide the lot)',
  );
}

function units(
  inverse: boolean,
  tick: number | 'auto',
  lot: number | 'auto',
  quantum: number | 'auto',
  price: number,
): Units {
  const quotePerTick = tick === 'auto' ? gridNear(price / START_TICKS) : tick;
  const automaticLot = inverse ? LOT_QUOTE : powerOfTenNear(LOT_QUOTE / price);
  const quotePerLot = lot === 'auto' ? automaticLot : lot;
  let finest = inverse ? QUANTUM_INVERSE : QUANTUM_LINEAR;
  if (quantum === 'auto' && !inverse) {
    // Fine enough that a lot moves by whole quanta a tick.
    while (finest > 1e-12 && !isWholeNumber((quotePerTick * quotePerLot) / finest)) finest /= 10;
  }
  const chosen = quantum === 'auto' ? finest : quantum;
  return { quotePerTick, quotePerLot, quantaPerUnit: roundedInverse(chosen) };
}

/** Returns 1 / x, exactly for powers of ten. */
function roundedInverse(x: number): number {
  const inverse = 1 / x;
  const whole = Math.round(inverse);
  return whole >= 1 && Math.abs(whole - inverse) < 1e-9 * inverse ? whole : inverse;
}

function isWholeNumber(x: number): boolean {
  const whole = Math.round(x);
  return whole >= 1 && Math.abs(x - whole) <= 1e-9 * x;
}

/** Returns the value of the 1-2-5 grid of powers of ten nearest to x in ratio. */
export function gridNear(x: number): number {
  let best = 1;
  let bestRatio = Infinity;
  const decade = decadeOf(x);
  for (let k = decade - 1; k <= decade + 1; k++) {
    for (const mantissa of [1, 2, 5]) {
      const value = Number(`${mantissa}e${k}`);
      const ratio = value > x ? value / x : x / value;
      if (ratio < bestRatio) {
        best = value;
        bestRatio = ratio;
      }
    }
  }
  return best;
}

/** Returns the power of ten nearest to x in ratio. */
function powerOfTenNear(x: number): number {
  const decade = decadeOf(x);
  const low = Number(`1e${decade}`);
  const high = Number(`1e${decade + 1}`);
  return x / low < high / x ? low : high;
}

/** Returns k with 10^k <= x < 10^(k+1). */
function decadeOf(x: number): number {
  let k = 0;
  while (Number(`1e${k}`) > x) k--;
  while (Number(`1e${k + 1}`) <= x) k++;
  return k;
}
