import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import App from '../App.svelte'
import { go, rest, type Scenario } from './go'

/** opened renders the whole window before a double of Go. */
export async function opened(scenario: Scenario = {}) {
  const double = go(scenario)
  render(App)
  await rest()
  return { double, user: userEvent.setup() }
}

/** button finds a button by its name. */
export const button = (name: string | RegExp) => screen.getByRole('button', { name })
