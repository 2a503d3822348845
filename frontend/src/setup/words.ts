/** The words of the first run, of the Xero app that is set up once, and of the settings. */
import { count } from '../shared/format'
import { passwordStore } from '../shared/words'

export const welcome = {
  title: 'All your clients’ books, on one ring',
  lede: 'Connect each client’s Xero organisation once. Bookring keeps the connection alive and tells you when one needs you.',
  steps: [
    {
      title: 'Press Connect',
      text: 'Your own browser opens at Xero. Bookring never sees your password.',
    },
    {
      title: 'Sign in to Xero',
      text: 'Use the sign-in that can see this client. You need the Standard or Administrator role.',
    },
    {
      title: 'Choose and allow',
      text: 'Pick an organisation and allow access. A grey name cannot be picked; below is why.',
    },
  ],
  beside: 'Takes about a minute. Repeat for each client; you can stop at any time.',
  mayTitle: 'What Bookring asks for',
  may: [
    { text: 'See who you are: your name and e-mail address', scope: 'openid profile email' },
    { text: 'Stay connected, so that you need not sign in daily', scope: 'offline_access' },
    { text: 'Read each organisation’s settings', scope: 'accounting.settings.read' },
  ],
  mayNot: 'It only reads. It cannot change anything.',
  roleTitle: 'Which role you need',
  role: 'Standard or Administrator (formerly Adviser) in the client’s organisation, with Connected Apps allowed. Otherwise Xero does not let you choose it.',
  greyTitle: 'Why a name can be grey',
  grey: 'On Xero’s page a grey name is connected already, your role there is too low, or it uses two apps that Xero has not certified, the most that Xero allows.',
  keptTitle: 'Where access is kept',
  keptDemo: 'In this program’s memory: the demo keeps nothing, and nothing leaves this computer.',
  kept: (system: string) =>
    `Only ${passwordStore(system)}, never in a file. Nothing is sent anywhere but Xero.`,
}

export const start = {
  title: 'How would you like to start?',
  lede: 'Xero talks only to programs it knows. Look around with made-up clients first, or enter your practice’s own Xero app.',
  demoTitle: 'Look around first',
  demo: 'A made-up Xero inside Bookring, with made-up clients. No account, nothing leaves this computer.',
  demoButton: 'Try it with demo data',
  demoBusy: 'Starting the demo…',
  ownTitle: 'Connect your clients',
  own: 'Needs a Xero app of your practice: free, made once in about five minutes by whoever looks after your computers.',
  ownButton: 'Use our own Xero app',
}

export const ownApp = {
  title: 'Your practice’s Xero app',
  create: 'Create an app at Xero’s developer portal',
  createText: 'Sign in there and choose New app.',
  nameLabel: 'Name',
  nameText: 'Your practice’s name, for example “Harbour Books”. Without the word Xero.',
  typeLabel: 'Type',
  typeText: 'Mobile or desktop app',
  portal: 'Open the developer portal',
  portalBusy: 'Opening your browser…',
  addresses: 'Give it these redirect addresses',
  addressesText: 'All of them: Bookring uses the first one that is free on this computer.',
  enter: 'Enter the app’s client ID',
  back: 'Back to the choice',
}

export const clientID = {
  label: 'Client ID',
  hint: '32 characters: the digits 0 to 9 and the letters A to F.',
  save: 'Save client ID',
  saving: 'Saving…',
  saved: 'Client ID saved.',
  tooMany: (n: number) => `${count(n)} characters; a client ID has 32.`,
  tooFew: (n: number) => `${count(n)} of 32 characters so far.`,
  wrong: 'Only the digits 0 to 9 and the letters A to F can be part of it.',
  inUse: 'In use',
  from: (from: string): string => {
    switch (from) {
      case 'demo':
        return 'The demo has its own.'
      case 'environment':
        return 'Set for this computer by BOOKRING_CLIENT_ID. Only there can it be changed.'
      case 'built-in':
        return 'Built into this copy of Bookring. Another one entered here counts before it.'
      default:
        return 'Entered here. It is no secret.'
    }
  },
}

export const settings = {
  title: 'Settings',
  appTitle: 'Xero app',
  appText: 'What lets Bookring talk to Xero. Set once on this computer.',
  addressesText: 'Your Xero app must list all of these, exactly as written.',
  checkTitle: 'Checking',
  checkText:
    'Bookring asks Xero how your organisations stand: at the start, when you come back to this window, and by itself.',
  checkLabel: 'Check by itself',
  checkEvery: {
    hour: 'Every hour',
    'four-hours': 'Every 4 hours',
    day: 'Once a day',
    week: 'Once a week',
  },
  checkSaved: 'Saved. Bookring checks by itself that often.',
  dataTitle: 'On this computer',
  folder: 'Your list is in',
  network:
    'This folder is on a network or is copied away. It works, but a disk of this computer is safer.',
  access: 'Access to Xero is kept',
  accessSession: 'in memory, until Bookring closes',
  version: 'Version',
  versionOf: (version: string, commit: string) => `${version} (commit ${commit})`,
}
