/** From the redirect to the row: two requests to Xero, and little time in Bookring. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { organisations } from './xero.js'

const rounds = 10
const names = Array.from({ length: rounds }, (_, i) => `Client ${i}`)
const { xero, bookring, window, person } = await stage({ after }, organisations(names))

/** rowAppears returns the time at which the list paints a name, in milliseconds since 1970. */
function rowAppears(name) {
  return window.page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          const rows = [...document.querySelectorAll('tr[data-index] .text')]
          if (rows.some((row) => row.textContent === wanted)) resolve(Date.now())
          else requestAnimationFrame(look)
        }
        look()
      }),
    name,
  )
}

async function wayBack(address) {
  const asked = person.page.waitForRequest((request) => request.url() === address)
  await person.follow(address)
  const { startTime, requestStart } = (await asked).timing()
  return startTime + Math.max(0, requestStart)
}

test('the row appears after only two requests: the token and the connections', async (t) => {
  // The row must not wait for the details of organisations, read afterwards.
  await xero.fail('organisation', 'stalled')
  const took = []
  for (const [round, name] of names.entries()) {
    await window.connect()
    const back = await xero.allow(await bookring.link(), 'Jo Whitmore', [name])
    await eventually(async () => {
      const keys = (await xero.requests()).filter(({ endpoint }) => endpoint === 'keys')
      assert.equal(keys.length, round + 1, 'the keys are read while the person signs in')
    })
    const before = await xero.requests()
    const appears = rowAppears(name)
    const arrived = await wayBack(back)
    const row = await appears
    const since = (await xero.requests()).slice(before.length)
    const [token, connections, ...later] = since.map(({ endpoint }) => endpoint)
    assert.deepEqual([token, connections], ['token: code', 'connections'])
    assert.ok(later.every((endpoint) => endpoint === 'organisation'))
    took.push([since[0].at - arrived, since[1].at - since[0].at, row - since[1].at, row - arrived])
    await window.settle()
  }
  const [first, second, third, all] = [0, 1, 2, 3].map((part) => median(took, part))
  t.diagnostic(
    `median of ${rounds}, in ms: way back to token ${first}, token to connections ${second}, connections to row ${third}; in all ${all}`,
  )
})

const median = (rows, part) =>
  Math.round(rows.map((row) => row[part]).sort((a, b) => a - b)[rows.length >> 1])
