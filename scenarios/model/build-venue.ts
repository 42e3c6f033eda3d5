/** Builds the venue's specification: policies in integers. */
import { SelfTrade } from '../../sim/book/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { FundingSpec, MarginTier, MarkSpec } from '../../sim/risk/index.js';
import type { InstrumentSpec, VenueSpec } from '../../sim/venue/index.js';
import { durationMicros } from './duration.js';
import type { Scale } from './scale.js';
import type { Instrument, Venue } from './schema.js';

const PPM = 1_000_000;

/** Returns the venue with each instrument in its scale. */
export function buildVenue(
  venue: Venue,
  scales: readonly Scale[],
  ticksMax: number,
  seed: number,
): VenueSpec {
  const fund = Math.floor(
    venue.insuranceFund * scales[0].collateralFactor * scales[0].quantaPerUnit,
  );
  if (!Number.isSafeInteger(fund)) {
    throw new UserError(
      'scenario/range',
      `venue.insuranceFund: was ${venue.insuranceFund}, must be below 2^53 quanta`,
    );
  }
  return {
    name: venue.name,
    instruments: venue.instruments.map((one, i) => buildInstrument(one, scales[i], ticksMax)),
    liquidation: {
      kind: venue.liquidation.policy,
      delayMicros: durationMicros(venue.liquidation.delay),
      order: venue.liquidation.order,
    },
    waterfall: venue.waterfall.slice(),
    insuranceFundQuanta: fund,
    seed,
  };
}

function buildInstrument(instrument: Instrument, scale: Scale, ticksMax: number): InstrumentSpec {
  const { contract, margin, fees, band, selfTrade } = instrument;
  return {
    name: instrument.name,
    contract: {
      kind: contract.kind,
      multiplier: scale.multiplier,
      quotePerTick: scale.quotePerTick,
      quotePerLot: scale.quotePerLot,
    },
    margin: {
      tiers: marginTiers(instrument, scale),
      unrealisedProfitCounts: margin.unrealisedProfitCounts,
    },
    leverageMax: margin.leverageMax,
    mark: buildMark(instrument),
    funding: buildFunding(instrument, scale),
    fees: {
      makerPpm: Math.round(fees.maker * PPM),
      takerPpm: Math.round(fees.taker * PPM),
      liquidationPpm: Math.round(fees.liquidation * PPM),
    },
    band: band === 0 ? null : { widthPpm: Math.max(1, Math.round(band * PPM)) },
    ticksMax,
    startTicks: scale.startTicks,
    selfTrade: SelfTrade[selfTrade],
  };
}

/** Returns the margin brackets of an instrument, floors in quanta. */
export function marginTiers(instrument: Instrument, scale: Scale): MarginTier[] {
  const { tiers, ladder } = instrument.margin;
  const quanta = (amount: number) =>
    Math.round(amount * scale.collateralFactor * scale.quantaPerUnit);
  const made: MarginTier[] = [];
  if (ladder !== undefined) {
    for (let k = 0; k <= ladder.steps; k++) {
      made.push({
        floorQuanta: k === 0 ? 0 : quanta(ladder.base + (k - 1) * ladder.step),
        maintenanceRate: Math.round((ladder.maintenance + k * ladder.rateStep) * PPM),
        initialRate: Math.round((ladder.initial + k * ladder.rateStep) * PPM),
      });
    }
  }
  for (const tier of tiers ?? []) {
    made.push({
      floorQuanta: quanta(tier.floor),
      maintenanceRate: Math.round(tier.maintenance * PPM),
      initialRate: Math.round(tier.initial * PPM),
    });
  }
  return made;
}

function buildMark(instrument: Instrument): MarkSpec {
  const { mark } = instrument;
  if (mark.kind !== 'medianOfThree') return { kind: mark.kind };
  return { kind: mark.kind, sampleMicros: durationMicros(mark.sample), samples: mark.samples };
}

function buildFunding(instrument: Instrument, scale: Scale): FundingSpec {
  const { funding } = instrument;
  if (funding.kind === 'none') return { kind: 'none' };
  const impact = funding.impactNotional * scale.collateralFactor * scale.quantaPerUnit;
  const spec: FundingSpec = {
    kind: 'premium',
    intervalMicros: durationMicros(funding.interval),
    firstAtMicros: durationMicros(funding.first),
    interestRate: funding.interest,
    clamp: funding.clamp,
    impactNotional: Math.max(1, Math.round(impact)),
    sampleMicros: durationMicros(funding.sample),
    rising: funding.rising,
    lagged: funding.lagged,
  };
  if (funding.rateMax !== undefined) spec.rateMax = funding.rateMax;
  return spec;
}
