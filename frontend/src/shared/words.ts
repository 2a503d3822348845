/**
 * The words that several features share: of buttons, of the password store, of
 * an ended sign-in, and of a check that could not reach Xero.
 */
import { isCode, wordsFor, type Action, type Code } from './failures'
import { count } from './format'

export const program = 'Bookring'

export const buttons = {
  opening: 'Opening your browser…',
  back: 'Back',
  cancel: 'Cancel',
  cancelling: 'Cancelling…',
  close: 'Close',
  copying: 'Copying…',
  dismiss: 'Dismiss',
  settings: 'Settings',
  support: 'Write to support',
  supporting: 'Opening your mail…',
  working: 'One moment…',
}

/** The label of each action's button. */
export const actionLabels: Record<Exclude<Action, 'none'>, string> = {
  settings: 'Open Settings',
  'session-only': 'Go on for this session only',
  'copy-link': 'Copy link',
  paste: 'Paste the address',
  connect: 'Try again',
  quit: 'Quit Bookring',
}

/** The label before a failure's code. */
export const errorCode = 'Error code'

/** Told is a message about a finished action: a title and whole sentences. */
export interface Told {
  tone: 'ok' | 'info' | 'warn'
  title: string
  lines: string[]
  /** The user whom a sign-in was started for and who did not come; the notice offers another try. */
  missed?: { signIn: string; name: string }
}

/** spoken joins a message into sentences for the status region. */
export function spoken(told: Told): string {
  return sentences(sentence(told.title), ...told.lines)
}

/** sentence ends a title with a full stop. */
export const sentence = (title: string): string => `${title}.`

/** sentences joins whole sentences and leaves out empty texts. */
export const sentences = (...all: string[]): string => all.filter(Boolean).join(' ')

/** The redirect addresses of the Xero app. */
export const addresses = {
  copy: (n: number) => `Copy all ${count(n)} addresses`,
  copied: {
    tone: 'ok',
    title: 'The redirect addresses are on the clipboard',
    lines: ['Your Xero app must list all of them.'],
  } satisfies Told,
  label: 'Redirect addresses',
}

/** passwordStore names the credential store of an operating system. */
export function passwordStore(system: string): string {
  switch (system) {
    case 'windows':
      return 'in the Windows Credential Manager'
    case 'darwin':
      return 'in the macOS Keychain'
    default:
      return 'in this computer’s keyring (GNOME Keyring or KWallet)'
  }
}

/** Shown while a prompt of the password store may wait for the user. */
export const passwordStoreAsks =
  'Bookring waits for this computer’s password store. If it asks you something, please answer there.'

/** Ending says why a sign-in has ended: in a sentence, and in a few words for a row of the list. */
export interface Ending {
  words: string
  brief: string
}

const unknownEnding: Ending = {
  words: 'Xero does not accept it any more.',
  brief: 'The sign-in has ended',
}

const endings: Record<string, Ending> = {
  unused: {
    words: 'It was not renewed for 60 days, and Xero ended it.',
    brief: 'Ended after 60 days unused',
  },
  session: {
    words: 'It was for one session only, and that is over.',
    brief: 'Was for one session only',
  },
  refused: {
    words: 'Xero does not accept it any more: access was withdrawn there, or it lapsed.',
    brief: 'Xero ended the sign-in',
  },
  'key-gone': {
    words:
      'Its key is no longer in this computer’s password store. Bookring looks for it again at every start and with Check now.',
    brief: 'Its key is gone from here',
  },
  'key-damaged': {
    words: 'Its key in this computer’s password store is damaged.',
    brief: 'Its key here is damaged',
  },
  'key-old': {
    words:
      'This computer’s password store holds an older key, and Xero does not accept that one. Bookring looks for the newest at every start and with Check now.',
    brief: 'Only an older key is here',
  },
}

/** ending returns the words for the code of an ending. */
export function ending(code: string): Ending {
  return endings[code] ?? unknownEnding
}

/**
 * Trouble says why a check failed. The words are calm: nothing is lost, and no
 * user has to sign in again. failures.json describes the same codes to a user
 * in the middle of a sign-in.
 */
export interface Trouble {
  /** The cause, without a full stop; a time may follow. */
  words: string
  /** Advice to the user, or "". */
  advice: string
}

const because = (words: string, advice = ''): Trouble => ({ words, advice })

const troubles: Partial<Record<Code, Trouble>> = {
  offline: because('Xero could not be reached'),
  'network-sign-in': because(
    'The network wanted a sign-in first',
    'Open any page in your browser, sign in to the network, and check again.',
  ),
  'refused-on-the-way': because(
    'Something on the way to Xero refused the request',
    'It can be Xero’s own protection, this network’s filter or proxy, or a VPN.',
  ),
  'proxy-password': because(
    'The network’s proxy wanted a password',
    'Ask whoever looks after this network to let Bookring through to xero.com.',
  ),
  'foreign-certificate': because(
    'Xero’s certificate was replaced on the way',
    'A company’s proxy or a virus scanner does that: ask whoever looks after this computer.',
  ),
  'xero-unavailable': because('Xero was not available'),
  'client-id-refused': because(
    'Xero did not know the client ID',
    'Compare the client ID in Settings with your Xero app’s.',
  ),
  'keychain-missing': because('No password store was found'),
  'keychain-locked': because('The password store was locked', 'Unlock it and check again.'),
  'keychain-dismissed': because(
    'The password store was not opened',
    'Check again and answer its question.',
  ),
  'keychain-stuck': because(
    'The password store did not answer',
    'It may wait for you: look for its window.',
  ),
  'keychain-failed': because('The password store had a fault'),
  'keychain-too-big': because('Xero’s key is too long for the password store'),
  'keychain-damaged': because('The password store had a fault'),
  'key-returned': because('Its key is back, and Bookring is asking Xero'),
  'other-person': because(
    'Xero answered for another person',
    'Nothing was overwritten, and Bookring keeps asking.',
  ),
  'scope-missing': because(
    'Bookring may no longer read the organisation’s settings',
    'Sign in again and allow it.',
  ),
  'xero-rate-limit': because('Xero allowed no more requests'),
  'xero-error': because('Xero had a fault'),
  'xero-unreadable': because('Xero’s answer was not understood'),
  'xero-partly-read': because('Part of Xero’s list was not understood'),
  'sign-in-busy': because('Another Bookring was renewing it'),
  'renewal-unsaved': because('The password store took no key', 'Please do not close Bookring.'),
}

/** trouble returns the words for the code of a trouble. */
export function trouble(code: string): Trouble {
  if (!isCode(code)) return because('The last check did not work')
  return troubles[code] ?? because(wordsFor({ code, detail: '' }).title)
}
