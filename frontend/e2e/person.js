/** A user with a browser, at Xero and on Bookring's page. */
export class Person {
  page
  /** Every address that the browser visited, redirects included. */
  addresses = []
  /** Forbidden acts of the pages: foreign requests and dialogs. */
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

  /** allow signs in if necessary, chooses organisations and allows access. */
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

  /** reads returns once the page's main heading has the text. */
  reads(title) {
    return this.page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  }

  text() {
    return this.page.locator('main').innerText()
  }
}
