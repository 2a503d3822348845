import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

/** imports forbids those that go up, and all but backend.ts to ask Go. */
const imports = (...rooms) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        { regex: 'wailsjs/', message: 'Only backend.ts speaks to Go.' },
        ...rooms.map((room) => ({
          regex: `^\\.(.*/)?${room}(/|\\.|$)`,
          message: 'Imports go down: screens, components, ui; state knows no markup.',
        })),
      ],
    },
  ],
})

const markup = 'Text from outside is shown as text: no markup is built by hand.'
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
      // Sets and maps are replaced here, never changed, and held in $state.raw.
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
  { files: ['src/**'], ignores: ['src/backend.ts'], rules: imports() },
  { files: ['src/screens/**'], rules: imports('App') },
  { files: ['src/components/**'], rules: imports('App', 'screens') },
  {
    files: ['src/ui/**'],
    rules: imports('App', 'screens', 'components', 'state', 'backend', 'words'),
  },
  {
    files: ['src/state/**', 'src/fence.ts'],
    rules: imports('App', 'screens', 'components', 'ui'),
  },
  { files: ['src/words/**'], rules: imports('App', 'screens', 'components', 'ui', 'state') },
  { files: ['e2e/**', '*.js', '*.ts'], languageOptions: { globals: { ...globals.node } } },
)
