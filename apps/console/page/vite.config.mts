import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The page as files that need nothing else, so that the console can serve them on any machine, without a network. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: '../../../dist/apps/console/public',
    emptyOutDir: true,
    rolldownOptions: {
      input: ['index.html', 'prompter.html'].map((page) => join(import.meta.dirname, page)),
    },
    // As separate files, because the page's policy does not allow data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
