/** The screens to inspect: the answers of Go, and the acts of the user. */
import { organisations, unruly } from './organisations.js'
import { people } from './people.js'

const hour = 3_600_000
const soon = () => new Date(Date.now() + 581_000).toISOString()
const tomorrow = () => new Date(Date.now() + 16 * hour).toISOString()
const twelve = organisations(12)
const one = { check: { running: true, done: 1, total: 5 } }

/** Every status: two ended sign-ins, a removed and a refused organisation, the rest not checked. */
const mixed = (trouble) =>
  organisations(24).map((row, i) => {
    const status = ['sign-in-again', 'removed', 'no-access', 'sign-in-again'][i] ?? 'not-checked'
    return {
      ...row,
      status: i > 12 ? 'connected' : status,
      firstSignIn: i === 3 ? 'will' : 'jo',
      signIns: i === 0 ? ['Jo Whitmore'] : i === 3 ? ['Wilhelmina Featherstonehaugh'] : row.signIns,
      lastChecked: i > 12 ? row.lastChecked : new Date(Date.now() - (i + 5) * hour).toISOString(),
      trouble: i > 3 && i <= 12 ? trouble : '',
      shared: trouble === 'offline',
      ending: i === 0 ? 'key-damaged' : i === 3 ? 'unused' : '',
    }
  })
const unchecked = (trouble) =>
  organisations(24).map((row) => ({
    ...row,
    status: 'not-checked',
    trouble,
    shared: true,
    lastChecked: new Date(Date.now() - 30 * hour).toISOString(),
  }))
const yesterday = () => new Date(Date.now() - 20 * hour).toISOString()
/** The recovery of a damaged list. */
const lost = (parts) => ({
  lost: true,
  damagedFolder: '/home/sam/.local/share/bookring/damaged/20261122T081502.713005Z',
  backupAt: '',
  signIns: 0,
  keychainRead: true,
  checked: 12,
  unchecked: false,
  ...parts,
})
/** Sixteen organisations wait for three sign-ins; two need something else. */
const repairs = () =>
  organisations(200).map((row, i) => {
    const waits = i < 16
    const [name, firstSignIn] =
      i < 9 ? ['Mia Chen', 'mia'] : i < 14 ? ['Ben Ito', 'ben'] : ['Cleo', 'cl']
    const status = waits
      ? 'sign-in-again'
      : i === 16
        ? 'removed'
        : i === 17
          ? 'no-access'
          : 'connected'
    const ending = waits ? 'refused' : ''
    return { ...row, status, ending, ...(waits && { signIns: [name], firstSignIn }) }
  })
/** A check that ends while the window is open. */
const endsOffline = (page) =>
  page.evaluate(() => {
    window.double.change({ check: { running: true, done: 0, total: 2 } })
    return new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
      window.double.change({ check: { running: false, done: 0, total: 0 } }),
    )
  })
const waiting = { number: 1, phase: 'waiting', deadline: soon() }

/** A sign-in that fails while the window is open. */
const failsWith = (code, detail = '') => [
  { rows: twelve, signIn: { number: 0 } },
  (page) =>
    page.evaluate(
      ([c, d]) =>
        window.double.change({}, { number: 1, phase: 'failed', failed: { code: c, detail: d } }),
      [code, detail],
    ),
]

const connects = (parts) => (page) =>
  page.evaluate((more) => {
    const row = { ...window.double.rows[4], id: 'new', name: 'Calder Street Vets' }
    window.double.rows.push(row)
    window.double.change(
      { revision: 2 },
      {
        number: 1,
        phase: 'done',
        connected: {
          signIn: 'Sam Okafor',
          expected: null,
          added: [{ id: 'new', name: 'Calder Street Vets', type: 'ORGANISATION' }],
          reconnected: [],
          removed: [],
          alreadyConnected: [],
          others: [],
          total: 13,
          clockMinutes: 0,
          ...more,
        },
      },
    )
  }, parts)

/** Three marked rows. */
const marks = async (page) => {
  await page.getByRole('row').nth(2).focus()
  for (const key of ['Space', 'ArrowDown', 'Space', 'ArrowDown', 'Space'])
    await page.keyboard.press(key)
}
const [a, b, c] = twelve
const plan = {
  staying: 0,
  signIn: '',
  forget: false,
  count: 3,
  organisations: [
    { id: a.id, name: a.name, through: ['Sam Okafor'], ended: [], staying: [] },
    { id: b.id, name: b.name, through: ['Sam Okafor'], ended: ['Jo Whitmore'], staying: [] },
    { id: c.id, name: c.name, through: [], ended: ['Jo Whitmore'], staying: [] },
  ],
}
const result = {
  count: 3,
  pending: 1,
  stillConnected: 1,
  staying: 0,
  revokePending: false,
  failed: { code: 'offline', detail: '' },
}
/** Confirmed and pending disconnects. */
const disconnected = twelve.map((row, i) => ({
  ...row,
  status: i > 7 ? 'disconnected' : row.status,
  pending: ['xero', 'forget', 'sign-in', ''][i - 8] ?? '',
}))

const scene = (name, scenario, act, rest = {}) => ({ name, scenario, act, ...rest })
const openSignIns = (page) => page.getByRole('button', { name: /^Sign-ins/ }).click()
const renewed = async (page) => {
  await openSignIns(page)
  await page.getByRole('listitem').getByRole('button', { name: 'Renew now' }).first().click()
}
const nearExpiry = [3, 12].map((days) => ({
  id: `${days}`,
  name: ['Mia Chen', 'Sam Okafor'][days % 2],
  expiresAt: new Date(Date.now() + days * 24 * hour).toISOString(),
}))
const press = (name) => (page) => page.getByRole('button', { name, exact: true }).first().click()

const files = { backups: 7, damaged: 1, logs: 3, others: 1, shared: true }
const removal = {
  nothing: false,
  credentials: 2,
  keychainFailure: null,
  organisations: 12,
  connections: 12,
  throughEnded: 0,
  files,
}
const ended = { phase: 'done', done: 0, total: 0, undeleted: [] }
const receipt = {
  at: '2026-11-22T09:30:00Z',
  disconnectAsked: true,
  disconnected: 12,
  stillConnected: [],
  credentials: 2,
  undeleted: [],
  organisations: 12,
  files,
  leftovers: [],
}
const openRemoval = async (page) => {
  await press('Settings')(page)
  await press('Remove everything from this computer…')(page)
  await page.getByRole('heading', { name: 'What goes' }).waitFor()
}

export const scenes = [
  scene('first-run', { overview: { system: 'windows' } }),
  scene('first-run-choice', { overview: { clientID: '', clientIDFrom: '' } }),
  scene('first-run-own-app', { overview: { clientID: '', clientIDFrom: '' } }, async (page) => {
    await press('Use our own Xero app')(page)
    await page.getByLabel('Client ID').fill('not a client id')
    await page.getByLabel('Client ID').blur()
  }),
  scene('first-run-demo', { overview: { demo: true, clientID: '', clientIDFrom: '' } }),
  scene('opening', { signIn: { number: 1, phase: 'opening' } }),
  scene('waiting', { rows: twelve, signIn: waiting }),
  scene('waiting-check', { rows: twelve, signIn: waiting }, async (page) => {
    await page.getByText('What to check').click()
    await press('Copy link')(page)
  }),
  scene('waiting-not-opened', { rows: twelve, signIn: { ...waiting, browserFailed: true } }),
  scene('waiting-no-browser', { rows: twelve, signIn: waiting }, (page) =>
    page.getByText('No browser? Copy the link.').waitFor(),
  ),
  scene('cancelled-waiting', ...failsWith('cancelled-waiting')),
  scene('first-run-pending', { signIn: { pending: 1 } }),
  scene('list-pending', { rows: twelve, signIn: { pending: 2 } }),
  scene('list-pending-unsaved', { rows: twelve, signIn: { pending: 1, unsaved: 1 } }),
  scene('failed-pending', { rows: twelve, signIn: { number: 0 } }, (page) =>
    page.evaluate(() => {
      const failed = { code: 'xero-unavailable', detail: '' }
      window.double.change({}, { number: 1, phase: 'failed', failed, pending: 1 })
    }),
  ),
  scene(
    'waiting-pasted-wrong',
    { rows: twelve, signIn: waiting, refuse: { PasteAddress: { code: 'pasted-not-ours' } } },
    press('Paste the address it ended on'),
  ),
  scene('reading', { rows: twelve, signIn: { number: 1, phase: 'reading' } }),
  scene('list-12', { rows: twelve }),
  scene('list-200', { rows: organisations(200) }, async (page) => {
    await page.getByRole('row').nth(2).focus()
    await page.keyboard.press('PageDown')
  }),
  scene('list-attention', { rows: organisations(200) }, async (page) => {
    await page.getByRole('button', { name: /^Needs attention/ }).click()
    await page.getByRole('row').nth(1).focus()
  }),
  scene('list-unruly', { rows: unruly() }),
  scene('list-empty-search', { rows: twelve }, async (page) => {
    await page.keyboard.press('/')
    await page.keyboard.type('nobody at all')
    await page.getByRole('heading', { name: /No organisation/ }).waitFor()
  }),
  scene('mixed', { rows: mixed('xero-rate-limit') }, async (page) => {
    await page.getByRole('row').nth(4).focus()
    await page.keyboard.press('Tab')
  }),
  scene('repair-plan', { rows: repairs() }, async (page) => {
    await page.getByRole('button', { name: 'Sign in again as Mia Chen' }).focus()
  }),
  scene('repair-plan-unfolded', { rows: repairs() }, async (page) => {
    await page.setViewportSize({ width: 720, height: 520 })
    const last = page.getByRole('button', { name: 'Sign in again as Cleo' })
    await last.waitFor({ state: 'hidden' })
    await press('Show all 3')(page)
    await last.waitFor()
  }),
  scene('repair-missed', { rows: repairs() }, async (page) => {
    await page.evaluate(() => {
      const expected = { signIn: 'mia', name: 'Mia Chen', asked: true, missed: true }
      const none = {
        added: [],
        reconnected: [],
        alreadyConnected: [],
        removed: [],
        others: [],
        clockMinutes: 0,
      }
      const connected = { ...none, signIn: 'Ben Ito', total: 6 }
      connected.expected = { ...expected, reconnected: 0, unreached: 9 }
      window.double.change({ revision: 2 }, { number: 1, phase: 'done', connected })
    })
  }),
  scene('asked', { rows: repairs(), signIn: { ...waiting, expected: 'Mia Chen' } }),
  scene('mixed-attention', { rows: mixed('offline') }, async (page) => {
    await press('Organisation')(page)
    await press('Show them')(page)
  }),
  scene('offline', { rows: unchecked('offline') }, endsOffline),
  scene('keychain-locked', { rows: unchecked('keychain-locked') }, async (page) => {
    await page.getByRole('row').nth(1).focus()
  }),
  scene('checking', { rows: mixed('offline'), overview: one }),
  scene('reading-details', {
    rows: mixed('offline'),
    overview: { check: { details: { running: true, done: 39, total: 200 } } },
  }),
  scene('limited', {
    rows: twelve.map((row, i) => (i % 5 === 4 ? { ...row, detailsFrom: tomorrow() } : row)),
    overview: { check: { limitUntil: tomorrow() } },
  }),
  scene('limited-list', {
    rows: mixed('xero-rate-limit'),
    overview: { check: { limitUntil: tomorrow() } },
  }),
  scene('checking-keychain', { rows: twelve, overview: { ...one, keychainWaiting: true } }),
  scene('restored', { rows: twelve, overview: { recovery: lost({ backupAt: yesterday() }) } }),
  scene('rebuilding', {
    rows: twelve,
    overview: { recovery: lost({ signIns: 2, unchecked: true, checked: 0 }) },
  }),
  scene('begun-empty', { overview: { recovery: lost({}) } }),
  scene('disk-full', {
    rows: twelve,
    overview: { writeFailure: { code: 'database-full', detail: '' } },
  }),
  scene('read-only', {
    rows: twelve,
    overview: {
      writeFailure: { code: 'database-read-only', detail: '/mnt/practice/Bookring' },
      readOnly: true,
    },
  }),
  scene('unsaved', { rows: twelve, overview: { unsaved: true } }),
  scene('closing', {
    rows: twelve,
    overview: { unsaved: true, unsavedOf: ['Mia Chen'], closing: 'asking' },
  }),
  scene('opening-keychain', {
    rows: twelve,
    overview: { keychainWaiting: true },
    signIn: { number: 1, phase: 'opening' },
  }),
  scene('mixed-contrast', { rows: mixed('offline'), overview: { unsaved: true } }, undefined, {
    forcedColors: true,
  }),
  scene('connected', { rows: twelve }, connects({})),
  scene(
    'connected-several',
    { rows: twelve },
    connects({
      added: [
        { id: 'new', name: 'Calder Street Vets', type: 'ORGANISATION' },
        { id: 'x', name: 'Dunes Surf School', type: 'ORGANISATION' },
        { id: 'y', name: 'مكتب المحاسبة', type: 'ORGANISATION' },
        { id: 'z', name: 'Eastgate Optometry', type: 'ORGANISATION' },
      ],
      others: [{ id: 'p', name: 'Okafor & Co', type: 'PRACTICE' }],
      expected: {
        signIn: 'jo',
        name: 'Jo Whitmore',
        asked: false,
        missed: false,
        reconnected: 0,
        unreached: 0,
      },
      clockMinutes: -12,
    }),
  ),
  scene('failed-offline', ...failsWith('offline', 'asking Xero what was connected')),
  scene('failed-keychain', ...failsWith('keychain-missing')),
  scene(
    'failed-ports',
    ...failsWith('ports-taken', '10742, 15742, 20742, 25742, 30742, 35742, 40742, 45742'),
  ),
  scene('failed-list', { rows: twelve, refuse: { Organisations: { code: 'database-busy' } } }),
  scene('failed-overview', { rows: twelve }, async (page) => {
    await page.evaluate(() => {
      window.double.refuse.Overview = { code: 'database-busy' }
      window.double.change({})
    })
    await page.getByRole('alert').waitFor()
  }),
  scene('sign-ins', { rows: twelve, signIns: people() }, openSignIns),
  scene(
    'sign-ins-in-list',
    {
      rows: organisations(200),
      signIns: people().map((row) => ({ ...row, id: row.name === 'Sam Okafor' ? 'sam' : row.id })),
    },
    async (page) => {
      await openSignIns(page)
      const sam = page.getByRole('article', { name: 'Sam Okafor' })
      await sam.getByRole('button', { name: 'Show them in the list, by sign-in' }).click()
    },
  ),
  scene('sign-ins-more', { rows: twelve, signIns: people() }, async (page) => {
    await openSignIns(page)
    await page.getByRole('button', { name: 'Show them in the list' }).first().focus()
  }),
  scene('sign-ins-contrast', { rows: twelve, signIns: people() }, openSignIns, {
    forcedColors: true,
  }),
  scene('sign-ins-none', { rows: twelve }, openSignIns),
  scene('sign-ins-renewed', { rows: twelve, signIns: people(), overview: { nearExpiry } }, renewed),
  scene(
    'sign-ins-not-renewed',
    {
      rows: twelve,
      signIns: people(),
      refuse: { RenewNow: { code: 'offline', detail: 'renewed' } },
    },
    renewed,
  ),
  scene('ending', { rows: twelve, signIns: people(), overview: { nearExpiry } }),
  scene('removal', { rows: twelve, plan: removal }, openRemoval),
  scene(
    'removal-locked',
    {
      rows: twelve,
      plan: {
        ...removal,
        throughEnded: 3,
        keychainFailure: { code: 'keychain-locked', detail: '' },
      },
    },
    openRemoval,
  ),
  scene('removal-disconnecting', {
    rows: twelve,
    overview: {
      removal: { phase: 'disconnecting', done: 5, total: 12, undeleted: [], receipt: null },
    },
  }),
  scene('removal-deleting', {
    overview: {
      keychainWaiting: true,
      removal: { phase: 'deleting', done: 0, total: 0, undeleted: [], receipt: null },
    },
  }),
  scene('removal-undecided', {
    rows: twelve,
    overview: {
      removal: {
        phase: 'undecided',
        done: 0,
        total: 0,
        stillConnected: [
          {
            person: 'Jo Whitmore',
            organisations: ['Abernathy Builders', 'مكتب المحاسبة', 'Calder Street Vets'],
            code: 'xero-unavailable',
          },
        ],
        undeleted: [],
        receipt: null,
      },
    },
  }),
  scene('removal-stopped', {
    rows: twelve,
    overview: {
      removal: {
        phase: 'stopped',
        done: 0,
        total: 0,
        undeleted: [
          { person: 'Jo Whitmore', code: 'keychain-locked' },
          { person: 'Sam Okafor', code: 'keychain-locked' },
        ],
        receipt: null,
      },
    },
  }),
  scene('removal-done', { overview: { removal: { ...ended, receipt } } }),
  scene('removal-almost', {
    overview: {
      removal: {
        ...ended,
        receipt: {
          ...receipt,
          disconnected: 3,
          credentials: 1,
          stillConnected: [
            {
              person: 'Jo Whitmore',
              organisations: ['Abernathy Builders', 'مكتب المحاسبة', 'Calder Street Vets'],
              code: 'offline',
            },
          ],
          undeleted: [{ person: 'Jo Whitmore', code: 'keychain-locked' }],
          leftovers: [{ path: '/home/sam/.local/share/bookring/demo', inUse: true }],
        },
      },
    },
  }),
  scene('settings-end', { rows: twelve }, async (page) => {
    await press('Settings')(page)
    await page.getByRole('button', { name: /^Remove everything/ }).scrollIntoViewIfNeeded()
  }),
  scene('settings', { rows: twelve }, press('Settings')),
  scene('settings-copied', { rows: twelve }, async (page) => {
    await press('Settings')(page)
    await press('Copy all 8 addresses')(page)
  }),
  scene(
    'settings-environment',
    { rows: twelve, overview: { clientIDFrom: 'environment', sessionOnly: true } },
    press('Settings'),
  ),
  scene('selected', { rows: organisations(200) }, marks),
  scene('disconnecting', { rows: twelve, answers: { PlanDisconnect: plan } }, async (page) => {
    await marks(page)
    await press('Disconnect…')(page)
  }),
  scene(
    'forgetting',
    { rows: twelve, answers: { PlanDisconnect: { ...plan, forget: true } } },
    async (page) => {
      await marks(page)
      await press('Forget…')(page)
    },
  ),
  scene(
    'disconnected',
    { rows: disconnected, answers: { PlanDisconnect: plan, Disconnect: result } },
    async (page) => {
      await marks(page)
      await press('Disconnect…')(page)
      await press('Disconnect 3 organisations')(page)
      await page.getByRole('row').last().focus()
    },
  ),
  scene('banners', {
    rows: twelve,
    overview: { demo: true, testServer: 'http://localhost:8081', sessionOnly: true },
  }),
  scene('banner-session', {
    rows: twelve,
    overview: { testServer: 'http://localhost:8081', sessionOnly: true },
  }),
  scene(
    'banners-all',
    {
      rows: mixed('offline'),
      signIns: people(),
      overview: {
        ...one,
        unsaved: true,
        writeFailure: { code: 'database-full', detail: '' },
        nearExpiry,
        testServer: 'http://localhost:8081',
        sessionOnly: true,
        keychainWaiting: true,
      },
    },
    async (page) => page.getByRole('row').nth(1).focus(),
  ),
  // The widest words with the largest numbers.
  scene(
    'crowded',
    {
      rows: organisations(10_000).map((row, i) => ({
        ...row,
        status: i % 3 ? row.status : 'removed',
        signIns: ['Wilhelmina Featherstonehaugh', 'Jo Whitmore', 'Sam Okafor'].slice(i % 3),
        lastChecked: i % 3 === 1 ? '' : row.lastChecked,
      })),
      signIns: Array(1200).fill(people()[0]),
      overview: { demo: true },
    },
    async (page) => {
      await page.getByRole('searchbox').fill('build')
      await page.getByText('1,000 of 10,000').first().waitFor({ state: 'attached' })
      await marks(page)
    },
    { locale: 'en-US' }, // its clock has twelve hours, and two letters more
  ),
  scene('broken', {
    overview: {
      broken: { code: 'database-damaged', detail: '/home/sam/.local/share/Bookring/bookring.db' },
    },
  }),
  scene('high-contrast', { rows: organisations(200), signIn: { number: 0 } }, undefined, {
    forcedColors: true,
  }),
]
