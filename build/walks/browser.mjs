// A headless Chromium, controlled by lines of JSON: one command per line on standard
// input, one answer per line on standard output.
//
//   {"do": "open", "address": "http://..."}   opens the address
//   {"do": "press", "name": "Allow access"}   presses a button or follows a link
//   {"do": "choose", "name": "Kereru Ltd"}    marks a radio button
//   {"do": "names", "role": "radio"}          lists the enabled elements of a role
//   {"do": "text"}                            returns the page's text
//   {"do": "screenshot", "path": "page.png"}  saves the page as PNG
//
// An answer is {"answer": ...} or {"error": "..."}. The browser ends at the end of the
// input.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const here = import.meta.dirname
const { chromium } = createRequire(`${here}/../../frontend/`)('playwright-core')

const browser = await chromium.launch({
  executablePath: execFileSync(`${here}/../setup/chromium.sh`, { encoding: 'utf8' }).trim(),
  // The browser must use neither the keyring nor the network beyond the tested pages.
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
  // A user clicks the label: the label covers the radio button.
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
  screenshot: ({ path }) => page.screenshot({ path }).then(() => null),
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
