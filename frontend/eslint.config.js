import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

/**
 * The folders of src/, and for each folder the modules of the window that it
 * may import. A folder may name only folders above itself: the imports have no
 * cycle. Tests may import every module but the generated bindings.
 */
const folders = {
  ui: [],
  shared: ['ui'],
  signin: ['backend', 'shared', 'ui'],
  checking: ['backend', 'shared', 'ui'],
  disconnecting: ['backend', 'shared', 'ui', 'signin'],
  organisations: ['backend', 'shared', 'ui', 'signin', 'checking', 'disconnecting'],
  signins: ['backend', 'shared', 'ui', 'signin', 'disconnecting'],
  removal: ['backend', 'shared', 'ui'],
  setup: ['backend', 'shared', 'ui', 'signin', 'removal'],
  shell: [
    ...['backend', 'shared', 'ui', 'signin', 'checking', 'disconnecting'],
    ...['organisations', 'signins', 'removal', 'setup'],
  ],
}

const names = Object.keys(folders)
for (const [i, name] of names.entries()) {
  const wrong = folders[name].filter((f) => f !== 'backend' && !names.slice(0, i).includes(f))
  if (wrong.length > 0) throw new Error(`${name} may import only folders above: ${wrong}`)
}

/** restricted forbids the imports that match a regular expression. */
const restricted = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })
const bindings = { regex: 'wailsjs/', message: 'Only backend.ts calls Go.' }
const failures = '\\.\\./\\.\\./backend/failures\\.json$'

/** allow forbids a folder every module of the window that the table does not name. */
function allow(name) {
  const allowed = folders[name].map((f) => (f === 'backend' ? 'backend$' : `${f}/`))
  if (name === 'shared') allowed.push(failures)
  const beyond = allowed.length > 0 ? `\\.\\./(?!${allowed.join('|')})` : '\\.\\./'
  return {
    files: [`src/${name}/**`],
    ignores: ['**/*.test.ts'],
    rules: restricted(bindings, {
      regex: `^${beyond}`,
      message: `${name} may import only: ${folders[name].join(', ') || 'itself'} (eslint.config.js).`,
    }),
  }
}

const markup = 'Text from outside is shown as text: no code builds markup.'
const markupFromText = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'].map(
  (property) => ({ property, message: markup }),
)

export default ts.config(
  { ignores: ['dist/', 'wailsjs/', 'node_modules/'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-restricted-properties': [
        'error',
        ...markupFromText,
        { object: 'document', property: 'write', message: markup },
      ],
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-implied-eval': 'error',
      eqeqeq: 'error',
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      // Sets and maps in $state.raw are replaced, never changed.
      'svelte/prefer-svelte-reactivity': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  { files: ['src/**'], ignores: ['src/backend.ts'], rules: restricted(bindings) },
  ...names.map(allow),
  {
    files: ['src/backend.ts'],
    rules: restricted({
      regex: '^\\./(?!shared/failures$)',
      message: 'backend.ts imports only the bindings and the failures.',
    }),
  },
  { files: ['e2e/**', '*.js', '*.ts'], languageOptions: { globals: { ...globals.node } } },
)
