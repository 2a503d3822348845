// A real headless Chromium, moved by lines of JSON: one command a line on
// standard input, one answer a line on standard output.
//
//   {"do": "open", "address": "http://..."}   follows the address
//   {"do": "press", "name": "Allow access"}   presses a button or follows a link
//   {"do": "choose", "name": "Kereru Ltd"}    marks a radio button
//   {"do": "names", "role": "radio"}          names what is there and enabled
//   {"do": "text"}                            what the page says
//   {"do": "picture", "path": "page.png"}
//
// An answer is {"answer": ...} or {"error": "..."}. The browser ends with its
// input.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const here = import.meta.dirname
const { chromium } = createRequire(`${here}/../frontend/`)('playwright-core')

const browser = await chromium.launch({
  executablePath: execFileSync(`${here}/chromium.sh`, { encoding: 'utf8' }).trim(),
  // Nothing of this browser may ask the keyring or call home.
  args: [
    '--no-sandbox',
    '--no-first-run',
    '--disable-quic',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--password-store=basic',
  ],
})
const page = await browser.newPage({ viewport: { width: 900, height: 700 } })
page.setDefaultTimeout(10_000)

const actions = {
  open: ({ address }) => page.goto(address).then(() => null),
  press: ({ name }) =>
    page
      .getByRole('button', { name, exact: true })
      .or(page.getByRole('link', { name, exact: true }))
      .click(),
  // By force, because the button's own label may lie over it and take the click.
  // A person clicks the label, which lies over the button.
  choose: async ({ name }) => {
    await page.locator('label', { has: page.getByText(name, { exact: true }) }).click()
    const button = page.getByRole('radio', { name, exact: true })
    if (!(await button.isChecked())) throw new Error(`${name} is not marked`)
  },
  names: ({ role }) =>
    page.getByRole(role, { disabled: false }).evaluateAll((elements) =>
      elements.map((e) => (e.labels?.[0] ?? e).innerText.trim().split('\n')[0]),
    ),
  text: () => page.locator('body').innerText(),
  picture: ({ path }) => page.screenshot({ path }).then(() => null),
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line)
  try {
    const answer = await actions[command.do](command)
    console.log(JSON.stringify({ answer: answer ?? null }))
  } catch (error) {
    console.log(JSON.stringify({ error: error.message.split('\n')[0] }))
  }
}
await browser.close()
