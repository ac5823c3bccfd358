/** The rooms of this project and which may import which, checked by `npm run lint`. CONTRIBUTING.md draws them. */

/** For each room of src/, the rooms it may import; `net` holds value types that all may use. */
const ARROWS = {
  net: [],
  wire: ['net'],
  engine: ['wire', 'net'],
  trace: ['wire', 'net'],
  topology: ['net'],
  simulation: ['engine', 'trace', 'topology', 'net'],
  editor: ['simulation', 'trace', 'topology', 'net'],
  cli: ['simulation', 'trace', 'topology', 'net'],
};

/** Single modules that a room may import beside these. */
const EXCEPTIONS = {
  // What a network is built from: types alone, checked by a rule of its own.
  engine: ['src/topology/resolved'],
  // A trace is filled by a network's records: their form, and the words for drops.
  trace: ['src/engine/kernel/(drop-reason|traffic-observer|frame)'],
  // The diagram drawn without a browser.
  cli: ['webview/diagram/'],
};

/** Inside the engine, a layer imports only itself and those before it. */
const ENGINE_LAYERS = ['kernel', 'stack', 'device'];

/** Rooms that run in any JavaScript engine. */
const PURE_ROOMS = '^src/(net|wire|engine|trace|topology)/';

const roomRules = Object.entries(ARROWS).map(([room, allowed]) => ({
  name: `arrows-of-${room}`,
  comment: `src/${room} may import ${allowed.length === 0 ? 'no other room' : `only ${allowed.join(', ')}`}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^(src|webview|test)/',
    pathNot: [
      `^src/(${[room, ...allowed].join('|')})/`,
      ...(EXCEPTIONS[room] ?? []).map(module => `^${module}`),
    ],
  },
}));

const layerRules = ENGINE_LAYERS.map((layer, index) => ({
  name: `engine-layer-${layer}`,
  comment: 'Inside the engine: network → device → stack → kernel, never back.',
  severity: 'error',
  from: { path: `^src/engine/${layer}/` },
  to: {
    path: '^src/engine/',
    pathNot: `^src/engine/(${ENGINE_LAYERS.slice(0, index + 1).join('|')})/`,
  },
}));

/** Keeps an npm package behind one module of ours. */
const onlyBehind = (name, module, comment) => ({
  name: `only-behind-${name}`,
  comment,
  severity: 'error',
  from: { path: '^(src|webview)/', pathNot: `^${module}` },
  to: { path: `node_modules/.*${name}/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    ...layerRules,
    {
      name: 'arrows-of-webview',
      comment:
        'The panel knows the protocols, the resolved topology, the words for drops, the language of filters and the rules of colours; the rest is the editor’s.',
      severity: 'error',
      from: { path: '^webview/' },
      to: {
        path: '^(src|test)/',
        pathNot: [
          '^src/simulation/(protocol|record-batch|panel-protocol|topology-text)',
          '^src/topology/resolved',
          '^src/net/',
          '^src/engine/kernel/drop-reason',
          '^src/trace/filter/',
          '^src/trace/colouring/',
        ],
      },
    },
    {
      name: 'engine-takes-types-of-topology',
      comment: 'The engine builds from a resolved topology but runs none of the language’s code.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/topology/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-editor-knows-vscode',
      comment: 'All else runs without VS Code: in workers, in the panel, on the command line and in tests.',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/editor/' },
      to: { path: '(^|/)vscode($|/)' },
    },
    {
      name: 'pure-rooms-know-no-node',
      comment: 'The same code runs in the extension host, in browsers and on the command line.',
      severity: 'error',
      from: { path: PURE_ROOMS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'panel-knows-no-node',
      severity: 'error',
      from: { path: '^webview/' },
      to: { dependencyTypes: ['core'] },
    },
    onlyBehind(
      'webview-ui-toolkit',
      'webview/controls/toolkit[.]ts',
      'The toolkit is no longer developed: replacing it must stay a change to one file.',
    ),
    onlyBehind(
      'elkjs',
      'webview/diagram/elk(-in-worker|-in-process)?[.]ts',
      'The layout engine is reached through one module for the panel and one for the command line.',
    ),
    {
      name: 'no-cycles',
      comment: 'Types may refer to each other; modules that run may not.',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-what-is-declared',
      comment: 'What is imported stands in package.json.',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
    {
      name: 'nothing-orphaned',
      comment: 'A module that nobody imports is dead code.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(src|webview)/',
        // Generated code is imported by way of its types.
        pathNot: '[.](d[.]ts|generated[.]js)$',
      },
      to: {},
    },
  ],
  options: {
    // Imports of types are arrows too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/artifacts)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};
