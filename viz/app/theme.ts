/** Dark or light: the system's wish until the visitor chooses, then remembered. */
import { palettes } from '../charts/index.js';
import type { Palette } from '../charts/index.js';

type ThemeName = 'dark' | 'light';
const KEY = 'stampede.theme';

/** Holds the theme and tells the charts when it changes. */
export class Theme {
  private name: ThemeName;
  private readonly onChange: () => void;

  constructor(onChange: () => void) {
    this.onChange = onChange;
    this.name = remembered() ?? systemTheme();
    this.apply();
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
      if (remembered() === null) this.show(systemTheme());
    });
  }

  get palette(): Palette {
    return palettes[this.name];
  }

  /** Changes to the other theme and remembers it. */
  toggle(): void {
    const name = this.name === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // Storage is off: the choice holds until the page closes.
    }
    this.show(name);
  }

  private show(name: ThemeName): void {
    this.name = name;
    this.apply();
    this.onChange();
  }

  private apply(): void {
    document.documentElement.dataset.theme = this.name;
  }
}

/** Dark is the house's default: only a clear wish for light changes it. */
function systemTheme(): ThemeName {
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

function remembered(): ThemeName | null {
  try {
    const name = localStorage.getItem(KEY);
    return name === 'dark' || name === 'light' ? name : null;
  } catch {
    return null;
  }
}
