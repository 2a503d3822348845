/** The program's window as a page in the test's browser. */
import assert from 'node:assert/strict'
import { eventually } from './limits.js'

export class Window {
  page
  /** Acts of the page forbidden to Bookring's window. */
  faults = []
  #bookring
  #frames = []
  #obeying

  constructor(page, bookring) {
    this.page = page
    this.#bookring = bookring
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`)
      return dialog.dismiss()
    })
    page.on('pageerror', (error) => {
      // Wails' overlay fails on a page without a body.
      if (!error.stack.includes('/wails/')) this.faults.push(`error: ${error.stack}`)
    })
    page.on('request', (request) => {
      const { origin } = new URL(this.#bookring.address)
      if (new URL(request.url()).origin !== origin) this.faults.push(`request: ${request.url()}`)
    })
    page.on('websocket', (socket) => {
      for (const way of ['framesent', 'framereceived']) {
        socket.on(way, ({ payload }) => this.#frames.push(String(payload)))
      }
    })
  }

  async open() {
    this.#obeying ??= obeyPolicy(this.page, this.faults)
    await this.#obeying
    const answer = await this.page.goto(this.#bookring.address)
    assert.match(
      answer.headers()['content-security-policy'] ?? '',
      /script-src 'self'; style-src 'self';/,
    )
    await this.page.locator('.window .content').waitFor()
  }

  /** heard returns all messages between the window and Go. */
  heard() {
    return this.#frames.join('\n')
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true })
  }

  press(name) {
    return this.button(name).click()
  }

  /** connect presses the button that starts a sign-in, with either name. */
  connect() {
    return this.page
      .getByRole('button', { name: /^Connect (to Xero|another organisation)$/ })
      .click()
  }

  /** reads returns once a heading has the text. */
  reads(text) {
    return this.page.getByRole('heading', { name: text }).waitFor()
  }

  /** said returns once a status region has the text. */
  said(text) {
    return this.page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' })
  }

  /** shows returns once the text is visible. */
  shows(text) {
    return this.page.getByText(text).first().waitFor()
  }

  /** rows returns the cells of the drawn rows. */
  rows() {
    return this.page
      .getByRole('table', { name: 'Organisations' })
      .locator('tr[data-index]')
      .evaluateAll((rows) =>
        rows.map((row) => {
          const [name, status, , signIn] = row.cells
          const text = (cell, part) => (cell?.querySelector(part) ?? cell)?.innerText.trim()
          // The cell holds every sign-in, and only the first is visible.
          const people = signIn?.querySelector('.people')?.textContent.trim()
          return [text(name, '.text'), text(status, 'td'), people]
        }),
      )
  }

  /** lists returns once the list has exactly the given names in the given order, all of a given status. */
  lists(names, status = 'Connected') {
    return eventually(async () => {
      const rows = await this.rows()
      assert.deepEqual(
        rows.map((row) => row.slice(0, 2)),
        names.map((name) => [name, status]),
      )
    })
  }

  /** listed returns once an organisation is in the list as Connected. */
  listed(name) {
    return eventually(async () => {
      const rows = await this.rows()
      assert.ok(
        rows.some((row) => row[0] === name && row[1] === 'Connected'),
        `no ${name}`,
      )
    })
  }

  /** failed returns once the dialog shows the failure's title and code. */
  async failed(title, code) {
    await this.reads(title)
    await this.page.getByRole('dialog').getByText(code, { exact: true }).waitFor()
  }

  /** settle cancels a waiting sign-in, or dismisses the failure. */
  async settle() {
    const dialog = this.page.locator('dialog[open]')
    if (await dialog.isVisible()) await this.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  }

  /** total returns the number of organisations in the title. */
  async total() {
    const rows = await this.page.getByRole('table').getAttribute('aria-rowcount')
    return Number(rows) - 1
  }

  /** drawn returns the index and the name of every row in the page. */
  drawn() {
    return this.page
      .locator('tr[data-index]:has(.text)')
      .evaluateAll((rows) =>
        rows.map((row) => [Number(row.dataset.index), row.querySelector('.text').textContent]),
      )
  }

  /** heights are the different heights of the rows, in pixels. */
  heights() {
    return this.page
      .locator('tr[data-index]')
      .evaluateAll((rows) => [...new Set(rows.map((row) => row.getBoundingClientRect().height))])
  }

  /** focusedRow returns the name in the row with the focus, or "". */
  focusedRow() {
    return this.page.evaluate(
      () => document.activeElement.querySelector('th .text')?.innerText ?? '',
    )
  }
}

/** tabTo presses Tab until an element has the focus. */
export async function tabTo(page, target) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`${target} cannot be reached with the keyboard`)
}

/**
 * obeyPolicy makes every act stopped by the page's content security policy a fault. The
 * policy holds as in the built program. Only the overlay of Wails' dev build, a Svelte
 * component too, gets the page's Trusted Types policy, because the page allows one of the
 * name.
 */
async function obeyPolicy(page, faults) {
  await page.exposeFunction('stopped', (fault) => faults.push(`policy: ${fault}`))
  await page.addInitScript(() => {
    const made = {}
    const make = trustedTypes.createPolicy.bind(trustedTypes)
    trustedTypes.createPolicy = (name, rules) => (made[name] ??= make(name, rules))
    document.addEventListener('securitypolicyviolation', (e) => {
      if (!e.sourceFile.includes('/wails/'))
        globalThis.stopped(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}`)
    })
  })
}
