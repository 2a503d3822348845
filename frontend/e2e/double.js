/**
 * A double of the Go side for tests and pictures: window.go and window.runtime
 * like those of Wails. The double runs in a page or in happy-dom, decides nothing,
 * and is never shipped.
 *
 * install must not use anything outside its body: the page receives its source text.
 */

/**
 * @typedef {object} Scenario
 * @property {object} [overview] parts of the overview different from a calm program
 * @property {object} [signIn] parts of the progress different from idle
 * @property {object[]} [rows] the organisations
 * @property {object[]} [signIns] the sign-ins in Go's order
 * @property {Record<string, object>} [answers] Go's answers by method
 * @property {Record<string, {code: string, detail?: string}>} [refuse] failures by method
 */

/** @param {Scenario} scenario */
export function install(scenario) {
  const addresses = [10742, 15742, 20742, 25742, 30742, 35742, 40742, 45742].map(
    (port) => `http://localhost:${port}/callback`,
  )
  const rows = scenario.rows ?? []
  const needsAttention = (row) => !['connected', 'not-checked', 'disconnected'].includes(row.status)
  const go = {
    rows,
    signIns: scenario.signIns ?? [],
    saves: true,
    calls: [],
    plan: scenario.plan ?? null,
    refuse: scenario.refuse ?? {},
    answers: scenario.answers ?? {},
    overview: {
      demo: false,
      testServer: '',
      clientID: '0123456789ABCDEF0123456789ABCDEF',
      clientIDFrom: 'settings',
      redirectAddresses: addresses,
      system: 'linux',
      dataFolder: '/home/sam/.local/share/Bookring',
      version: '0.1.0',
      sessionOnly: false,
      keychainWaiting: false,
      faults: 0,
      unsaved: false,
      unsavedOf: [],
      closing: '',
      checkEvery: 'day',
      commit: '4f2c9a1b7d3e',
      check: {},
      nearExpiry: [],
      writeFailure: null,
      readOnly: false,
      recovery: null,
      network: false,
      removal: { phase: '', done: 0, total: 0, stillConnected: [], undeleted: [], receipt: null },
      revision: 1,
      broken: null,
      ...scenario.overview,
      signIn: {
        number: 0,
        phase: 'idle',
        deadline: '',
        browserFailed: false,
        expected: '',
        connected: null,
        failed: null,
        pending: 0,
        unsaved: 0,
        late: { number: 0, connected: null, failed: null },
        ...scenario.signIn,
      },
    },
    /** change changes the overview and sends the event. */
    change(parts, signIn) {
      go.overview = { ...go.overview, ...parts, signIn: { ...go.overview.signIn, ...signIn } }
      for (const listener of listeners) listener()
    },
  }
  const listeners = []
  const order = [
    'sign-in-again',
    'removed',
    'no-access',
    'not-checked',
    'connected',
    'disconnected',
  ]
  const keys = {
    name: (row) => row.name,
    status: (row) => order.indexOf(row.status),
    'sign-in': (row) => row.signIns[0] ?? '',
    country: (row) => row.country,
    currency: (row) => row.currency,
    'last-checked': (row) => row.lastChecked,
  }

  /** The repair plan. Each organisation counts as reached by a single sign-in. */
  function repairs() {
    const plan = new Map()
    for (const { status, firstSignIn, signIns } of go.rows) {
      if (status !== 'sign-in-again') continue
      const { organisations } = plan.get(firstSignIn) ?? { organisations: 0 }
      plan.set(firstSignIn, {
        signIn: firstSignIn,
        name: signIns[0],
        email: `${firstSignIn}@example.com`,
        organisations: organisations + 1,
      })
    }
    return [...plan.values()].sort((a, b) => b.organisations - a.organisations)
  }

  function answer(query) {
    const words = query.search.toLowerCase().split(' ').filter(Boolean)
    const key = keys[query.sort]
    const matching = go.rows
      .filter((row) => !query.attention || needsAttention(row))
      .filter((row) => words.every((word) => row.name.toLowerCase().includes(word)))
      .sort((a, b) => {
        const [x, y] = [key(a), key(b)]
        const by = x < y ? -1 : x > y ? 1 : a.name < b.name ? -1 : a.name > b.name ? 1 : 0
        return query.descending ? -by : by
      })
    return {
      offset: query.offset,
      matching: matching.length,
      total: go.rows.length,
      attention: go.rows.filter(needsAttention).length,
      revision: go.overview.revision,
      rows: matching.slice(query.offset, query.offset + query.limit),
    }
  }

  async function call(name, args) {
    go.calls.push([name, ...args])
    const refused = go.refuse[name]
    // Like Wails: the failure from Go becomes an Error with JSON text.
    if (refused) throw new Error(JSON.stringify({ detail: '', ...refused }))
    if (name === 'Organisations') return answer(args[0])
    if (name === 'OrganisationIDs')
      return answer({ ...args[0], offset: 0, limit: Infinity }).rows.map((row) => row.id)
    if (go.answers[name]) return structuredClone(go.answers[name])
    if (name === 'SignIns') return structuredClone(go.signIns)
    if (name === 'RenewNow') return new Date(Date.now() + 60 * 86_400_000).toISOString()
    if (name === 'SaveCalendar') return go.saves
    if (name === 'PlanRemoval') return structuredClone(go.plan)
    if (name !== 'Overview') return null
    const counts = {
      total: go.rows.length,
      signIns: go.signIns.length,
      attention: go.rows.filter(needsAttention).length,
      counts: order
        .map((status) => [status, go.rows.filter((row) => row.status === status).length])
        .filter(([, organisations]) => organisations > 0)
        .map(([status, organisations]) => ({ status, organisations })),
      repairs: repairs(),
    }
    const known = go.rows.map((row) => row.lastChecked).sort()
    const check = {
      running: false,
      done: 0,
      total: 0,
      details: { running: false, done: 0, total: 0 },
      triedAt: '',
      limitUntil: '',
      parts: [],
      slow: [],
      unread: 0,
      ...go.overview.check,
    }
    return structuredClone({ checkedAt: known.at(-1) ?? '', ...go.overview, ...counts, check })
  }

  window.double = go
  window.go = {
    main: {
      App: new Proxy(
        {},
        {
          get:
            (_, name) =>
            (...args) =>
              call(name, args),
        },
      ),
    },
  }
  window.runtime = {
    ClipboardSetText: async (text) => {
      go.calls.push(['ClipboardSetText', text])
      return true
    },
    EventsOnMultiple(_, listener) {
      listeners.push(listener)
      return () => listeners.splice(listeners.indexOf(listener), 1)
    },
  }
  return go
}
