/** A person with a browser of their own, at Xero and on Bookring's page. */
export class Person {
  page
  /** Every address the browser was at, or was sent on from. */
  addresses = []
  /** What the pages did that neither Xero's nor Bookring's do. */
  faults = []

  constructor(page) {
    this.page = page
    page.on('request', (request) => {
      if (request.isNavigationRequest()) this.addresses.push(request.url())
      const { hostname } = new URL(request.url())
      if (!['localhost', '127.0.0.1', ''].includes(hostname)) {
        this.faults.push(`request: ${request.url()}`)
      }
    })
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`)
      return dialog.dismiss()
    })
  }

  follow(link) {
    return this.page.goto(link)
  }

  press(name) {
    return this.page
      .getByRole('button', { name, exact: true })
      .or(this.page.getByRole('link', { name, exact: true }))
      .click()
  }

  /** choose marks organisations on Xero's page. */
  async choose(...names) {
    for (const name of names) {
      const text = this.page.getByText(name, { exact: true })
      await this.page.locator('label', { has: text }).click()
    }
  }

  /** allow chooses organisations and allows access to them, signing in first if need be. */
  async allow(link, who, ...names) {
    await this.follow(link)
    if ((await this.title()) === 'Who is signing in?') await this.press(who)
    await this.choose(...names)
    await this.press('Allow access')
  }

  /** title returns the page's main heading. */
  title() {
    return this.page.getByRole('heading', { level: 1 }).innerText()
  }

  /** reads returns when the page's main heading is a text. */
  reads(title) {
    return this.page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  }

  text() {
    return this.page.locator('main').innerText()
  }
}
