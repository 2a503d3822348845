/**
 * Draws every screen of the built window in a real browser, in both themes and in
 * several sizes, with a double of the Go side. axe checks each screen (WCAG 2.2 AA,
 * no violation allowed). Text outside the window, and every act stopped by the
 * page's policy, is a fault, too.
 *
 *   npm run build && npm run test:looks [-- folder for the pictures] [-- part of a name]
 */
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'
import { install } from './double.js'
import { cut } from './inspect.js'
import { scenes } from './scenes.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const dist = new URL('../dist/', import.meta.url).pathname
const [folder, only = ''] = process.argv.slice(2)
const browserPath = process.env.BOOKRING_CHROMIUM ?? '/usr/bin/chromium'
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const sizes = [
  [1000, 700],
  [1180, 760],
  [1600, 1000],
  [760, 560],
  [720, 520], // the smallest size of the window
  [590, 380], // the usual size with text of 200 %
  [360, 260], // the smallest size with text of 200 %
]
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

if (!existsSync(join(dist, 'index.html'))) {
  console.error('The window is not built: run npm run build first.')
  process.exit(1)
}
if (folder) mkdirSync(folder, { recursive: true })

const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname
  // Only a browser asks for an icon; the program's window does not.
  if (path === '/favicon.ico') return response.writeHead(204).end()
  const file = join(dist, path === '/' ? 'index.html' : path)
  if (!file.startsWith(dist) || !existsSync(file)) return response.writeHead(404).end()
  response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/plain' })
  createReadStream(file).pipe(response)
})
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const address = `http://127.0.0.1:${server.address().port}/`
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })

let passed = 0
const faults = []
for (const scene of scenes.filter((s) => s.name.includes(only))) {
  for (const theme of ['light', 'dark']) {
    const found = await look(scene, theme)
    if (found.length === 0) passed++
    faults.push(...found.map((fault) => `${scene.name} (${theme}): ${fault}`))
  }
}
await browser.close()
server.close()

for (const fault of faults) console.error(fault)
console.log(`${passed} screens without fault, ${faults.length} faults`)
process.exit(faults.length === 0 ? 0 : 1)

/** look draws a scene in a theme and returns the faults. */
async function look(scene, theme) {
  const found = []
  const context = await browser.newContext({
    colorScheme: theme,
    forcedColors: scene.forcedColors ? 'active' : 'none',
    reducedMotion: 'reduce',
    viewport: { width: 1000, height: 700 },
    locale: scene.locale ?? 'en-GB',
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => found.push(`error: ${error.message}`))
  page.on('console', (said) => {
    if (said.type() === 'error' || said.type() === 'warning') found.push(`console: ${said.text()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) found.push(`request to ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    found.push(`dialog: ${dialog.message()}`)
    return dialog.dismiss()
  })
  await page.addInitScript(install, scene.scenario)
  await page.goto(address)
  await page.getByRole('status').first().waitFor({ state: 'attached' })
  await scene.act?.(page)
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await page.waitForTimeout(60)
    if (folder) await page.screenshot({ path: join(folder, `${scene.name}-${theme}-${width}.png`) })
    const overflow = await page.evaluate(() => {
      const root = document.documentElement
      return root.scrollWidth > innerWidth || root.scrollHeight > innerHeight
    })
    if (overflow) found.push(`runs out of ${width} by ${height}`)
    const parts = await cut(page)
    found.push(...parts.map((part) => `${part} at ${width} by ${height}`))
  }
  await page.evaluate(axe)
  const { violations } = await page.evaluate((values) => {
    return window.axe.run(document, { runOnly: { type: 'tag', values } })
  }, rules)
  for (const { id, help, nodes } of violations) {
    found.push(
      `${id}: ${help}: ${nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join(' | ')}`,
    )
  }
  await context.close()
  return found
}
