import { defineConfig } from 'vite';

/** The page as files that need nothing else: the console serves them, on any machine, without a network. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: '../../../dist/apps/console/public',
    emptyOutDir: true,
    // As files of their own: the page's policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
