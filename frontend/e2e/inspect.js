/** Inspections of a page without trust in the page. The functions run in the page. */

const elements = {
  window:
    'div section main nav header p h1 h2 h3 span small bdi button input label kbd table caption thead tbody tr th td dialog svg path circle ul li',
  page: 'main div h1 p ul li bdi small code a svg path',
}

/** strangers names the elements outside the template, and attributes that could act. */
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

/** overflows reports whether the page scrolls sideways. */
export function overflows(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
}

/**
 * cut names elements that scroll sideways, and elements cut off at the left or
 * right, except text that ends in an ellipsis.
 */
export function cut(page) {
  return page.evaluate(() => {
    const style = (element) => getComputedStyle(element)
    const named = (element) =>
      `${element.localName}.${element.classList[0] ?? ''} "${element.textContent.trim().slice(0, 40)}"`
    /** An absolutely placed element is visible in its containing block or further out. */
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
