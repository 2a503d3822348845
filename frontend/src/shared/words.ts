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
}

const told = (words: string, advice = ''): Trouble => ({ words, advice })

const troubles: Partial<Record<Code, Trouble>> = {
  offline: told('Xero could not be reached'),
  'network-sign-in': told(
    'The network wanted a sign-in first',
    'Open any page in your browser, sign in to the network, and check again.',
  ),
  'xero-unavailable': told('Xero was not available'),
  'client-id-refused': told(
    'Xero did not know the client ID',
    'Compare the client ID in Settings with your Xero app’s.',
  ),
  'keychain-missing': told('No password store was found'),
  'keychain-locked': told('The password store was locked', 'Unlock it and check again.'),
  'keychain-dismissed': told(
    'The password store was not opened',
    'Check again and answer its question.',
  ),
  'keychain-stuck': told(
    'The password store did not answer',
    'It may wait for you: look for its window.',
  ),
  'keychain-failed': told('The password store had a fault'),
  'keychain-too-big': told('The password store had a fault'),
  'keychain-damaged': told('The password store had a fault'),
  'xero-rate-limit': told('Xero allowed no more requests'),
  'xero-error': told('Xero had a fault'),
  'xero-unreadable': told('Xero’s answer was cut off'),
  'sign-in-busy': told('Another Bookring was renewing it'),
  'renewal-unsaved': told('The password store took no key', 'Please do not close Bookring.'),
}

/** trouble returns the words for the code of a trouble. */
export function trouble(code: string): Trouble {
  if (!isCode(code)) return told('The last check did not work')
  return troubles[code] ?? told(wordsFor({ code, detail: '' }).title)
}
