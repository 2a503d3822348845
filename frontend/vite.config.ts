import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// Vitest sets this variable; its tests mount components, which needs the
// browser's build of Svelte rather than the server's.
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
  // failures.json is Go's; the window reads that very file.
  server: { fs: { allow: ['.', '../backend/failures.json'] } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    // Generous, for machines that do much else at the same time.
    testTimeout: 20_000,
  },
})
