/** Hostile names are text everywhere. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { cut, overflows, strangers } from './inspect.js'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { organisations } from './xero.js'

/** Names shown unchanged. */
const asTheyAre = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "'><img src=http://evil.example/x.png>",
  '</td></tr></table></main><h1>outside</h1>',
  '<iframe src="http://evil.example/"></iframe>',
  '<a href="javascript:alert(1)">press</a>',
  '<style>*{display:none}</style>',
  '<link rel=stylesheet href=http://evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=http://evil.example/">',
  '<base href=http://evil.example/>',
  '<form action=http://evil.example/><button>Connect to Xero</button>',
  '<!-- <p> --><b>bold</b><!--',
  '&lt;b&gt; &amp; &#60;i&#62;',
  '{{constructor.constructor("alert(1)")()}}',
  '{@html "<b>"} ${alert(1)} #{7*7}',
  "=cmd|'/c calc'!A1",
  '@SUM(1+1)*cmd',
  "'; DROP TABLE organisations; --",
  '../../../etc/passwd',
  'javascript:alert(1)',
  '%s%n%x %00 %0d%0aSet-Cookie:x',
  '\\u003cscript\\u003e \\x3cb\\x3e',
  'مكتب المحاسبة الذهبي',
  'אורן ושות׳ רואי חשבון',
  '山田会計事務所',
]
/** Names shortened, cleaned or replaced. */
const cleaned = [
  'W'.repeat(10_000),
  'Ŵ́̂̃̄'.repeat(2_000),
  '😀'.repeat(2_500),
  '﷽'.repeat(500),
  '\u202Egnp.exe\u202C',
  '\u2066\u2067\u2068left open',
  'bell\u0007, null\u0000, escape\u001b[31m',
  'one\nline\r\nor\tmore',
  '\u200B\u200C\u200D\uFEFF\u2060',
  'Z' + '\u0351\u036b\u0343\u036a'.repeat(40),
  '\uD800 alone',
  '   ',
  '',
]
const tricks = [...asTheyAre, ...cleaned]
const names = Array.from({ length: 500 }, (_, i) =>
  i < tricks.length ? tricks[i] : `${tricks[i % tricks.length].slice(0, 9_990)} ${i}`,
)
const { xero, bookring, window, person } = await stage({ after }, organisations(names))

async function fits(page, widths) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 700 })
    assert.equal(await overflows(page), false, `${width} pixels wide`)
  }
}

test('the browser’s page shows names as text, a dozen at a time', async () => {
  await window.connect()
  let link = await bookring.link()
  for (const from of [0, 12, 24]) {
    const dozen = tricks.slice(from, from + 12)
    await person.follow(await xero.allow(link, 'Jo Whitmore', dozen))
    await person.reads('12 organisations are connected')
    const shown = await person.page.locator('li bdi').allInnerTexts()
    const expected = dozen.filter((name) => asTheyAre.includes(name))
    assert.deepEqual(shown.filter((name) => asTheyAre.includes(name)).sort(), expected.sort())
    assert.deepEqual(await strangers(person.page, 'page'), [])
    await fits(person.page, [320, 1000])
    link = new URL(await person.page.getByRole('button').getAttribute('href'), person.page.url())
      .href
    const response = await person.page.request.get(link, { maxRedirects: 0, headers: navigation })
    link = response.headers().location
  }
  person.addresses.push(link)
  await person.follow(link)
})

const navigation = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }

test('Xero’s page and Bookring’s page show hundreds of names', async () => {
  await person.press('Jo Whitmore')
  await person.press('Select all')
  await person.press('Allow access')
  await person.reads(`${names.length - 36} organisations are connected`)
  assert.match(await person.text(), /and \d+ more/)
  assert.deepEqual(await strangers(person.page, 'page'), [])
  await fits(person.page, [320, 1000])
})

test('the list shows 500 names as text, in rows of the same height', async () => {
  const shown = new Map()
  await eventually(async () => assert.equal(await window.total(), names.length))
  await window.page.locator('tr[data-index="0"]').focus()
  while (shown.size < names.length) {
    await eventually(async () => {
      for (const [index, name] of await window.drawn()) shown.set(index, name)
      assert.ok(await window.focusedRow())
    })
    assert.deepEqual(await strangers(window.page, 'window'), [])
    assert.equal((await window.heights()).length, 1)
    const last = Number(await window.page.evaluate(() => document.activeElement.dataset.index))
    if (last === names.length - 1) break
    await window.page.keyboard.press('PageDown')
  }
  assert.equal(shown.size, names.length)
  const texts = [...shown.values()]
  assert.deepEqual(
    asTheyAre.filter((name) => !texts.includes(name)),
    [],
    'names that are not shown as they are',
  )
  const forbidden = /[\u0000-\u001f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u
  assert.deepEqual(
    texts.filter((name) => forbidden.test(name) || [...name].length > 200),
    [],
  )
  for (const width of [720, 760, 1000, 1600]) {
    await fits(window.page, [width])
    assert.deepEqual(await cut(window.page), [], `${width} pixels wide`)
  }
})
