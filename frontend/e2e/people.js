/** Made-up sign-ins for tests and pictures. */
import { organisations } from './organisations.js'

const day = 86_400_000
const names = organisations(60).map((row) => row.name)

/** someone returns a sign-in renewed this morning, with the differences in rest. */
export function someone(name, rest = {}, now = Date.now()) {
  const at = (days) => new Date(now + days * day).toISOString()
  const { age = 0, ...given } = rest
  return {
    id: `https://identity.xero.com|app|${name}`,
    name,
    email: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@example.com`,
    state: 'saved',
    reason: '',
    since: at(-age - 40),
    renewed: at(-age),
    expiresAt: at(60 - age),
    ended: '',
    nearExpiry: 60 - age <= 14,
    organisations: 3,
    only: 0,
    first: used(3, 0),
    ...given,
  }
}

/** used names organisations; the first ones are reachable only through the sign-in. */
export const used = (all, only) => names.slice(0, all).map((name, i) => ({ name, only: i < only }))

/** ended returns the differences of a sign-in that ended daysAgo days ago. */
export const ended = (reason, daysAgo, now = Date.now()) => ({
  state: 'ended',
  reason,
  ended: new Date(now - daysAgo * day).toISOString(),
  expiresAt: '',
  age: daysAgo + 5,
  nearExpiry: false,
})

/** people returns sign-ins in every state. */
export const people = () => [
  someone('Jo Whitmore', {
    ...ended('refused', 3),
    organisations: 4,
    only: 2,
    first: used(4, 2),
  }),
  someone('Mia Chen', { age: 47, organisations: 1, only: 1, first: used(1, 1) }),
  someone('Sam Okafor', {
    organisations: 9998,
    only: 9950,
    first: [...used(12, 12), ...used(12, 0)],
  }),
  someone('Wilhelmina Featherstonehaugh-Cholmondeley', {
    state: 'unchecked',
    reason: 'keychain-locked',
    age: 3,
    organisations: 24,
    only: 0,
    first: used(12, 0),
  }),
  someone('דנה כהן', { state: 'session', expiresAt: '', organisations: 0, first: [] }),
]
