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

/**
 * cut names what can be scrolled sideways, and what stands out of whatever
 * shows it to the left or right, but for text that ends in dots.
 */
export function cut(page) {
  return page.evaluate(() => {
    const style = (element) => getComputedStyle(element)
    const named = (element) =>
      `${element.localName}.${element.classList[0] ?? ''} "${element.textContent.trim().slice(0, 40)}"`
    /** What is placed absolutely is shown by what it is placed in, or further out. */
    const shows = (element, placed = style(element).position === 'absolute') => {
      const parent = element.parentElement
      const { overflowX, position } = style(parent)
      const passed = placed && position === 'static'
      if (parent === document.body || (!passed && overflowX !== 'visible')) return parent
      return shows(parent, passed || position === 'absolute')
    }
    const found = []
    for (const element of document.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect()
      if (box.width === 0 || !element.checkVisibility() || element.closest('.unseen, svg *'))
        continue
      const scrolls = ['auto', 'scroll'].includes(style(element).overflowX)
      if (scrolls && element.scrollWidth > element.clientWidth) {
        found.push(`${named(element)} scrolls sideways`)
      }
      const frame = shows(element)
      const { left, right } = frame.getBoundingClientRect()
      const dots = style(frame).textOverflow === 'ellipsis' && !element.matches('button, input')
      if (!dots && (box.right > right + 1 || box.left < left - 1)) {
        found.push(`${named(element)} is cut`)
      }
    }
    return found
  })
}
