/**
 * Why an organisation could not be checked, told calmly: nothing is lost, and
 * nobody has to sign in again. The words of failures.json speak to a person
 * who waits for a sign-in; these speak of a list that is a little older.
 */
import { isCode, wordsFor, type Code } from './failures'

/** Trouble is what kept Xero from being asked. */
export interface Trouble {
  /** What happened, without a full stop; a time may follow it. */
  words: string
  /** What the person can do about it, or "". */
  advice: string
  /** Whether it is nobody's in particular: then nothing could be checked. */
  everybodys: boolean
}

const once = (words: string, advice = ''): Trouble => ({ words, advice, everybodys: false })
const all = (words: string, advice = ''): Trouble => ({ words, advice, everybodys: true })

const troubles: Partial<Record<Code, Trouble>> = {
  offline: all('Xero could not be reached'),
  'network-sign-in': all(
    'The network wanted a sign-in first',
    'Open any page in your browser, sign in to the network, and check again.',
  ),
  'xero-unavailable': all('Xero was not available'),
  'client-id-refused': all(
    'Xero did not know the client ID',
    'Compare the client ID in Settings with your Xero app’s.',
  ),
  'keychain-missing': all('No password store was found'),
  'keychain-locked': all('The password store was locked', 'Unlock it and check again.'),
  'keychain-dismissed': all(
    'The password store was not opened',
    'Check again and answer its question.',
  ),
  'keychain-stuck': all(
    'The password store did not answer',
    'It may wait for you: look for its window.',
  ),
  'keychain-failed': all('The password store had a fault'),
  'keychain-too-big': all('The password store had a fault'),
  'keychain-damaged': once('The password store had a fault'),
  'xero-rate-limit': once('Xero allowed no more requests'),
  'xero-error': once('Xero had a fault'),
  'xero-unreadable': once('Xero’s answer was cut off'),
  'sign-in-busy': once('Another Bookring was renewing it'),
  'renewal-unsaved': once('The password store took no key', 'Please do not close Bookring.'),
}

/** trouble returns the words for the code of a trouble. */
export function trouble(code: string): Trouble {
  if (!isCode(code)) return once('The last check did not work')
  return troubles[code] ?? once(wordsFor({ code, detail: '' }).title)
}
