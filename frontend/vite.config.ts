import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// Vitest sets the variable VITEST. The tests mount components with the browser's
// build of Svelte, not with the server's.
const testing = process.env.VITEST !== undefined

export default defineConfig({
  plugins: [svelte()],
  resolve: testing ? { conditions: ['browser'] } : {},
  build: {
    // No data: addresses and no inlined modules: the policy in index.html
    // allows files from the program itself and nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['es2022', 'safari16', 'chrome111'],
  },
  // The window imports Go's failures.json.
  server: { fs: { allow: ['.', '../backend/failures.json'] } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    // Long enough for a busy machine.
    testTimeout: 20_000,
  },
})
