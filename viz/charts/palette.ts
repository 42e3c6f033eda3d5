/** Colours of the charts: cold for the market, warm for liquidations alone. */

/** Colours of one theme. */
export interface Palette {
  name: 'dark' | 'light';
  background: string;
  lane: string;
  grid: string;
  text: string;
  muted: string;
  mark: string;
  index: string;
  last: string;
  depth: readonly [number, number, number];
  fund: string;
  fundFill: string;
  deleverage: string;
  halt: string;
  haltLine: string;
  /** By step of generation: 1, 2, 3, 4 and more. */
  liquidation: readonly string[];
  liquidationEdge: string;
  scrub: string;
  density: string;
}

/**
 * Generations 1, 2, 3, 4 and more. Lightness falls from step to step; any two differ by at least 19 in
 * CIELAB under normal sight and three deficiencies (Machado et al. 2009), and reach 3:1 on the lane.
 */
const GENERATIONS_DARK = ['#ffe08a', '#fa8775', '#d63cba', '#a818e6'] as const;
const GENERATIONS_LIGHT = ['#b88400', '#c83c34', '#a81a8c', '#5d0a9c'] as const;

/** The two themes. */
export const palettes: { readonly dark: Palette; readonly light: Palette } = {
  dark: {
    name: 'dark',
    background: '#0d1014',
    lane: '#13171d',
    grid: 'rgba(148, 163, 184, 0.10)',
    text: '#e8edf3',
    muted: '#9aa6b4',
    mark: '#f4f7fa',
    index: '#5aa2e6',
    last: 'rgba(214, 178, 220, 0.62)',
    depth: [54, 190, 186],
    fund: '#56b4e9',
    fundFill: 'rgba(86, 180, 233, 0.18)',
    deleverage: '#f0e442',
    halt: 'rgba(148, 163, 184, 0.12)',
    haltLine: 'rgba(148, 163, 184, 0.45)',
    liquidation: GENERATIONS_DARK,
    liquidationEdge: 'rgba(13, 16, 20, 0.85)',
    scrub: '#56b4e9',
    density: '#8b96a5',
  },
  light: {
    name: 'light',
    background: '#f4f6f8',
    lane: '#ffffff',
    grid: 'rgba(30, 41, 59, 0.09)',
    text: '#14181d',
    muted: '#515c69',
    mark: '#14181d',
    index: '#2b6ca8',
    last: 'rgba(120, 70, 130, 0.62)',
    depth: [0, 128, 124],
    fund: '#0072b2',
    fundFill: 'rgba(0, 114, 178, 0.14)',
    deleverage: '#8a6d00',
    halt: 'rgba(30, 41, 59, 0.08)',
    haltLine: 'rgba(30, 41, 59, 0.40)',
    liquidation: GENERATIONS_LIGHT,
    liquidationEdge: 'rgba(255, 255, 255, 0.9)',
    scrub: '#0072b2',
    density: '#6b7683',
  },
};

/** How a cohort's line is told apart: by colour, by dash and by its label. */
export interface CohortStyle {
  color: string;
  dash: readonly number[];
}

/** Okabe and Ito 2008, without yellow and black, which the lanes use otherwise. */
const OKABE_ITO_DARK = [
  '#d55e00',
  '#56b4e9',
  '#009e73',
  '#e69f00',
  '#cc79a7',
  '#5f8dd3',
  '#a8b3c0',
];
const OKABE_ITO_LIGHT = [
  '#b84f00',
  '#0a7bbd',
  '#00805c',
  '#a86f00',
  '#ad5286',
  '#2f5fae',
  '#5c6773',
];
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4]];

/** The style of cohort number `cohort`; colours repeat after seven, then with another dash. */
export function cohortStyle(cohort: number, palette: Palette): CohortStyle {
  const colors = palette.name === 'dark' ? OKABE_ITO_DARK : OKABE_ITO_LIGHT;
  const round = Math.floor(cohort / colors.length);
  return {
    color: colors[cohort % colors.length] ?? palette.text,
    dash: DASHES[(cohort + round) % DASHES.length] ?? [],
  };
}
