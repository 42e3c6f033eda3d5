/** Parts of a scenario that may be left out: cohorts, faults, programs of orders from outside. */
import type { ScenarioInput } from '../../model/index.js';
import type { Settings } from '../run/index.js';

const SECTIONS = ['population', 'faults', 'exogenous'] as const;
type Section = (typeof SECTIONS)[number];

/** One part. */
export interface Part {
  section: Section;
  /** Place in its section. */
  place: number;
  name: string;
}

/** Lists the parts of a scenario. */
export function partsOf(scenario: ScenarioInput): Part[] {
  return SECTIONS.flatMap((section) =>
    itemsOf(scenario, section).map((item, place) => {
      const { name } = item as { name?: string };
      return { section, place, name: name ?? `${section}[${place}]` };
    }),
  );
}

/** Returns the settings that leave only these parts. */
export function settingsOf(scenario: ScenarioInput, kept: readonly Part[]): Settings {
  const settings: Record<string, unknown> = {};
  for (const section of SECTIONS) {
    const items = itemsOf(scenario, section);
    if (items.length === 0) continue;
    const places = kept.filter((one) => one.section === section).map((one) => one.place);
    settings[section] = places.map((place) => items[place]);
  }
  return settings;
}

function itemsOf(scenario: ScenarioInput, section: Section): readonly unknown[] {
  return scenario[section] ?? [];
}
