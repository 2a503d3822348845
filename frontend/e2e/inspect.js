/** What a page looks like to somebody who does not trust it. These run in the page. */

const elements = {
  window:
    'div section main nav header p h1 h2 h3 span small bdi button input label kbd table caption thead tbody tr th td dialog svg path circle ul li',
  page: 'main div h1 p ul li bdi small code a svg path',
}

/** strangers names the elements that are not the template's, and attributes that could act. */
export function strangers(page, template) {
  return page.evaluate((names) => {
    const known = new Set(names.split(' '))
    const found = []
    for (const element of document.body.querySelectorAll('*')) {
      if (element.id === 'wails-spinner') continue // the dev build's own
      if (!known.has(element.localName)) found.push(element.localName)
      for (const { name } of element.attributes) {
        const acts = name.startsWith('on') || ['src', 'srcdoc', 'action'].includes(name)
        if (acts) found.push(`${element.localName} with ${name}`)
      }
    }
    return found
  }, elements[template])
}

/** overflows says whether the page can be scrolled sideways. */
export function overflows(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
}
