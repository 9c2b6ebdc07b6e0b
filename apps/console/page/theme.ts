import { signal } from '@preact/signals';

type Theme = 'dark' | 'light';

const KEPT_AS = 'theme';
const system = matchMedia('(prefers-color-scheme: light)');

/** The current theme: the one that was chosen here before, or otherwise the system's. */
export const theme = signal<Theme>(chosen() ?? (system.matches ? 'light' : 'dark'));

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}

export function switchTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem(KEPT_AS, theme.value);
  applyTheme();
}

/** A colour of the theme, for canvases, which CSS does not reach. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function chosen(): Theme | undefined {
  const kept = localStorage.getItem(KEPT_AS);
  return kept === 'dark' || kept === 'light' ? kept : undefined;
}
