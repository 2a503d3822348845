/** The program's window, as a page that a test looks at and works. */
import assert from 'node:assert/strict'
import { eventually } from './limits.js'

export class Window {
  page
  /** What the page did that a window of Bookring must not do. */
  faults = []
  #bookring
  #frames = []

  constructor(page, bookring) {
    this.page = page
    this.#bookring = bookring
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`)
      return dialog.dismiss()
    })
    page.on('pageerror', (error) => {
      // Wails' own overlay fails on a page whose body is not there yet.
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
    await this.page.goto(this.#bookring.address)
    await this.page.locator('.window .content').waitFor()
  }

  /** heard is everything that went between the window and Go. */
  heard() {
    return this.#frames.join('\n')
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true })
  }

  press(name) {
    return this.button(name).click()
  }

  /** connect presses the button that begins a sign-in, whichever name it bears. */
  connect() {
    return this.page
      .getByRole('button', { name: /^Connect (to Xero|another organisation)$/ })
      .click()
  }

  /** reads returns when a heading says the text. */
  reads(text) {
    return this.page.getByRole('heading', { name: text }).waitFor()
  }

  /** said returns when a status region says the text. */
  said(text) {
    return this.page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' })
  }

  /** shows returns when the text can be seen. */
  shows(text) {
    return this.page.getByText(text).first().waitFor()
  }

  /** rows are the cells of the list, as far as it is drawn. */
  rows() {
    return this.page
      .getByRole('table', { name: 'Organisations' })
      .locator('tr[data-index]')
      .evaluateAll((rows) =>
        rows.map((row) => {
          const [name, status, , signIn] = row.cells
          const text = (cell, part) => (cell?.querySelector(part) ?? cell)?.innerText.trim()
          // Everyone who reaches it is read, and the first alone is seen.
          const people = signIn?.querySelector('.people')?.textContent.trim()
          return [text(name, '.text'), text(status, 'td'), people]
        }),
      )
  }

  /** lists returns when the list has exactly these names, in this order, each of one status. */
  lists(names, status = 'Connected') {
    return eventually(async () => {
      const rows = await this.rows()
      assert.deepEqual(
        rows.map((row) => row.slice(0, 2)),
        names.map((name) => [name, status]),
      )
    })
  }

  /** listed returns when an organisation is in the list, Connected. */
  listed(name) {
    return eventually(async () => {
      const rows = await this.rows()
      assert.ok(
        rows.some((row) => row[0] === name && row[1] === 'Connected'),
        `no ${name}`,
      )
    })
  }

  /** failed returns when the sign-in's failure is shown: its title, and its code to quote. */
  async failed(title, code) {
    await this.reads(title)
    await this.page.getByRole('dialog').getByText(code, { exact: true }).waitFor()
  }

  /** settle cancels the sign-in that waits, or puts its failure away. */
  async settle() {
    const dialog = this.page.locator('dialog[open]')
    if (await dialog.isVisible()) await this.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  }

  /** total is how many organisations the list says it has. */
  async total() {
    const rows = await this.page.getByRole('table').getAttribute('aria-rowcount')
    return Number(rows) - 1
  }

  /** drawn returns the place and the name of every row in the page. */
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

  /** focusedRow returns the name in the row that has the focus, or "". */
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
