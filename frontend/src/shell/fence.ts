/**
 * fence stops every event that would lead the window to another page, before a
 * handler sees the event: a plain link would replace the window with a foreign
 * page. Only Go opens pages, in the browser. The returned function ends the fence.
 */
export function fence(page: Window = window): () => void {
  const stop = (event: Event) => event.preventDefault()
  const stopLink = (event: Event) => {
    const pressed = event.composedPath().some((node) => node instanceof Element && isLink(node))
    if (pressed) event.preventDefault()
  }
  const document = page.document
  const capture = { capture: true }
  const stopped = ['submit', 'dragover', 'drop'] as const
  const links = ['click', 'auxclick'] as const
  for (const type of stopped) document.addEventListener(type, stop, capture)
  for (const type of links) document.addEventListener(type, stopLink, capture)
  const open = page.open
  page.open = () => null
  return () => {
    for (const type of stopped) document.removeEventListener(type, stop, capture)
    for (const type of links) document.removeEventListener(type, stopLink, capture)
    page.open = open
  }
}

/** isLink also covers links in SVG and the areas of an image map. */
function isLink(element: Element): boolean {
  return ['a', 'area'].includes(element.localName)
}
