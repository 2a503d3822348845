/**
 * Tests the built window with the real program and the simulated Xero behind it,
 * on a desktop of its own (build/walks/desktop.py). Prints TAP.
 *
 *   npm run build && npm run e2e [-- part of a file's name]
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const root = join(here, '../..')
const [only = ''] = process.argv.slice(2)

if (!existsSync(join(root, 'frontend/dist/index.html'))) {
  console.error('The window is not built: run npm run build first.')
  process.exit(1)
}

function run(...command) {
  const { status } = spawnSync(command[0], command.slice(1), { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const tests = readdirSync(here).filter((name) => name.endsWith('.e2e.js') && name.includes(only))
run('go', 'build', '-tags', 'dev,webkit2_41', '-o', 'build/bin/e2e/bookring', '.')
run('go', 'build', '-tags', 'e2e', '-o', 'build/bin/e2e/', './frontend/e2e/...')
run(
  'build/walks/desktop.py',
  ...['--limit', '600'],
  ...[process.execPath, '--test', '--test-reporter=tap', '--test-concurrency=1'],
  '--test-timeout=240000',
  ...tests.map((name) => join(here, name)),
)
