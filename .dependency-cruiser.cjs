// Who may import whom: the floor plan's table, enforced. See ARCHITECTURE.md.
const everywhere = ['shared', 'main/base'];
const layers = {
  shared: [],
  'main/base': ['shared'],
  'main/log': everywhere,
  'main/store': ['main/log', ...everywhere],
  'main/images': everywhere,
  'main/transports': ['main/log', ...everywhere],
  'main/protocols': ['main/transports', 'main/log', ...everywhere],
  'main/targets': ['main/protocols', 'main/transports', 'main/images', 'main/log', ...everywhere],
  'main/devices': ['main/transports', 'main/log', 'main/store/atomic-file.ts', 'assets', ...everywhere],
  'main/entry': ['main/devices', 'main/protocols', 'main/transports', 'main/log', ...everywhere],
  'main/families': [
    'main/devices',
    'main/protocols',
    'main/transports/serial/serial-line.ts',
    'main/transports/usb/usb-device.ts',
    'main/images',
    'main/log',
    ...everywhere,
  ],
  'main/jobs': [
    'main/targets',
    'main/entry',
    'main/families',
    'main/devices',
    'main/images',
    'main/store',
    'main/log',
    'main/host.ts',
    ...everywhere,
  ],
  'main/api': [
    'main/jobs',
    'main/rights',
    'main/devices',
    'main/images',
    'main/store',
    'main/log',
    'main/host.ts',
    ...everywhere,
  ],
  'main/server': [
    'main/open-studio.ts',
    'main/studio.ts',
    'main/core.ts',
    'main/host.ts',
    'main/shell-log.ts',
    'main/data-folder.ts',
    'main/bench',
    'main/log',
    ...everywhere,
  ],
  'main/rights': ['main/store', 'main/log', ...everywhere],
  'main/workers': ['main/images', 'main/store', ...everywhere],
  'main/bench': [
    'main/transports',
    'main/log',
    'main/protocols/dfu/constants.ts',
    'main/protocols/dfuse/constants.ts',
    ...everywhere,
  ],
  'main/cli': [
    'main/core.ts',
    'main/host.ts',
    'main/shell-log.ts',
    'main/data-folder.ts',
    'main/bench',
    'main/log',
    ...everywhere,
  ],
  'main/electron': [
    'main/open-studio.ts',
    'main/studio.ts',
    'main/core.ts',
    'main/host.ts',
    'main/shell-log.ts',
    'main/data-folder.ts',
    'main/bench',
    'main/log',
    // Where the window was: one small file, kept as carefully as the others.
    'main/store/atomic-file.ts',
    ...everywhere,
  ],
  'renderer/client': ['shared'],
  'renderer/state': ['renderer/client', 'shared'],
  'renderer/ui': [],
  'renderer/parts': ['renderer/ui', 'shared', 'assets/guides'],
  'renderer/views': ['renderer/state', 'renderer/parts', 'renderer/ui', 'shared'],
  // What mounts the page, and the gallery.
  renderer: ['shared', 'assets/icons'],
};

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `layer-${layer.replaceAll('/', '-')}`,
  severity: 'error',
  from: { path: `^${layer}/` },
  to: {
    path: '^(main|shared|assets|renderer)/',
    pathNot: [layer, ...allowed].map((name) =>
      /\.ts$/.test(name) ? `^${name.replaceAll('.', '\\.')}$` : `^${name}/`,
    ),
  },
}));

/** One home per package. */
const homes = {
  ws: '^main/server/',
  '@orpc/server': '^main/api/',
  '@orpc/standard-server-peer': '^main/api/',
  '@orpc/client': '^renderer/client/',
  '@orpc/contract': '^(shared/contract|renderer/client)/',
  usb: '^main/transports/usb/libusb',
  serialport: '^main/transports/serial/serial-port',
  'electron-log': '^main/(log|cli|server|electron)/',
  commander: '^main/cli/',
  'cli-progress': '^main/cli/',
  svelte: '^renderer/',
  '@lucide/svelte': '^renderer/',
  'bits-ui': '^renderer/ui/',
  virtua: '^renderer/ui/',
  'svelte-sonner': '^renderer/ui/',
  electron: '^main/electron/',
  'electron-log': '^main/(log/to-electron-log|shell-log|(cli|electron|server)/)',
};
const homeRules = Object.entries(homes).map(([name, home]) => ({
  name: `home-of-${name}`,
  severity: 'error',
  from: { path: '^(main|shared|renderer)/', pathNot: home },
  to: { path: `node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...homeRules,
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, path: '^(main|shared)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      from: { path: '^shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'interfaces-of-transports-only',
      comment: 'Protocols speak to the seam; nothing above the transports knows libusb.',
      severity: 'error',
      from: { path: '^main/(protocols|targets|entry|devices)/' },
      to: {
        path: '^main/transports/',
        pathNot: '^main/transports/(usb/(usb-device|strings)|serial/serial-line)\\.ts$',
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(test|spec)\\.ts$' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.json', '.js', '.svelte'],
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'require', 'node', 'default'],
    },
  },
};
