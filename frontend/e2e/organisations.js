/** Made-up organisations for tests and pictures. */

const countries = [
  ['GB', 'GBP'],
  ['NZ', 'NZD'],
  ['AU', 'AUD'],
  ['US', 'USD'],
  ['IE', 'EUR'],
]
const first = [
  'Abernathy',
  'Bright Fern',
  'Calder Street',
  'Dunes',
  'Eastgate',
  'Fjord',
  'Granary',
  'Harbour',
  'Ivy Lane',
  'Juniper',
  'Kereru',
  'Lighthouse',
  'Marlowe',
  'Northlight',
  'Oakfield',
  'Pemberton',
  'Quayside',
  'Rowan',
  'Saltmarsh',
  'Thistle',
]
const second = [
  'Builders',
  'Nurseries',
  'Vets',
  'Surf School',
  'Optometry',
  'Analytics',
  'Bakehouse',
  'Catering',
  'Joinery',
  'Dental',
]

/** organisations returns different organisations, nearly all connected. */
export function organisations(count, now = Date.now()) {
  return Array.from({ length: count }, (_, i) => {
    const [country, currency] = countries[i % countries.length]
    const round = Math.floor(i / (first.length * second.length))
    const name = `${first[i % first.length]} ${second[Math.floor(i / first.length) % second.length]}`
    return {
      id: `${i.toString(16).padStart(4, '0')}0000-1111-4222-8333-444455556666`,
      name: round > 0 ? `${name} ${round + 1}` : name,
      status:
        i % 60 === 7
          ? 'sign-in-again'
          : i % 60 === 10
            ? 'removed'
            : i % 60 === 13
              ? 'no-access'
              : 'connected',
      signIns:
        i % 60 === 7
          ? ['Jo Whitmore']
          : i % 9 === 4
            ? ['Sam Okafor', 'Jo Whitmore']
            : ['Sam Okafor'],
      firstSignIn: i % 60 === 7 ? 'jo' : 'sam',
      lastChecked: new Date(now - (i % 60 === 7 ? 3 * 86_400_000 : 130_000)).toISOString(),
      country: i % 11 === 10 ? '' : country,
      currency: i % 11 === 10 ? '' : currency,
      trouble: '',
      shared: false,
      ending: i % 60 === 7 ? 'refused' : '',
      detailsFrom: '',
      pending: '',
    }
  })
}

const hostile = [
  'Wm. Featherstonehaugh-Cholmondeley & Daughters International Agricultural Machinery Holdings (Northern Territories) Limited',
  'مكتب المحاسبة الذهبي للتجارة',
  'אורן ושות׳ רואי חשבון',
  '<img src=x onerror=alert(1)>',
  "=cmd|'/c calc'!A1",
  '{{7*7}} ${7*7} <script>alert(1)</script>',
  '',
  '“Quotes” & <b>bold</b>',
  'W'.repeat(200),
  '山田会計事務所',
]

/**
 * unruly returns organisations with names that could break the list, and two equal names.
 *
 * @returns {ReturnType<typeof organisations>}
 */
export function unruly(now = Date.now()) {
  const calm = organisations(8, now)
  const hosts = organisations(hostile.length, now)
  const wild = hostile.map((name, i) => ({
    ...hosts[i],
    id: `${(i + 160).toString(16).padStart(4, '0')}aaaa-1111-4222-8333-444455556666`,
    name,
    signIns: i === 2 ? ['דנה כהן'] : ['Sam Okafor'],
  }))
  const twins = calm
    .slice(0, 1)
    .map((row) => ({ ...row, id: '7f3a0000-1111-4222-8333-444455556666' }))
  return [...wild, ...calm, ...twins]
}
