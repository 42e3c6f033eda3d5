import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  // random-js names Node's module for seeds it draws itself; the trees are given theirs.
  resolve: { alias: { crypto: fileURLToPath(new URL('./absent-module.ts', import.meta.url)) } },
  build: {
    outDir: '../../dist/viz/app-site',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
