import tseslint from 'typescript-eslint';

/** Rooms that run anywhere and in virtual time: no clock, chance, timer or Node API of their own. */
const PURE_ROOMS = ['net', 'wire', 'engine', 'trace', 'topology'];

/** Globals that would bring real time, chance or Node into a pure room, and what stands for them there. */
const IMPURE_GLOBALS = {
  Date: 'Time is virtual: take it from the simulator.',
  performance: 'Time is virtual: take it from the simulator.',
  setTimeout: 'Time is virtual: use a timer of the simulator.',
  setInterval: 'Time is virtual: use a timer of the simulator.',
  setImmediate: 'Time is virtual: use a timer of the simulator.',
  queueMicrotask: 'Time is virtual: use a timer of the simulator.',
  crypto: 'Chance is seeded: use a random stream.',
  process: 'This code also runs in browsers.',
  Buffer: 'This code also runs in browsers: use Uint8Array.',
  require: 'This code also runs in browsers.',
  console: 'Say it as a value that the caller can show.',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.vscode-e2e/', 'test/artifacts/', '**/*.generated.*'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      // Numbers in messages read well as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A fall-back for an empty text is often what is meant.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true, boolean: true } },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Arrow functions around a void call are how listeners are written.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A protocol is a set of names that may have only static values.
      '@typescript-eslint/no-extraneous-class': 'off',
      // `while (true)` with a bounded way out is clearer than a flag.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // Text here is names and addresses; splitting it into code points is what is meant.
      '@typescript-eslint/no-misused-spread': 'off',
      // A setter may take less than the getter can give: not yet set.
      '@typescript-eslint/related-getter-setter-pairs': 'off',
      // VS Code's classes stand for anything of their shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A key of a table may look like one.
      '@typescript-eslint/dot-notation': 'off',
      // Hot loops count.
      '@typescript-eslint/prefer-for-of': 'off',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: one thing has one name everywhere.',
        },
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
      ],
    },
  },
  {
    files: PURE_ROOMS.map(room => `src/${room}/**/*.ts`),
    rules: {
      'no-restricted-globals': [
        'error',
        ...Object.entries(IMPURE_GLOBALS).map(([name, message]) => ({ name, message })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Chance is seeded: use a random stream.' },
        ...Object.entries(IMPURE_GLOBALS).map(([property, message]) => ({
          object: 'globalThis',
          property,
          message,
        })),
      ],
    },
  },
  {
    // Programs talk to their user through the console.
    files: ['src/cli/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // In a test, a wrong guess should fail loudly where it is made.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Tools insist on a default export here.
    files: ['vitest.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { project: null } },
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
);
