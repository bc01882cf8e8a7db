// Words of the screens around the work: logs, settings, access to boards.
export const logsWords = {
  title: 'Logs',
  level: 'At least',
  levels: { debug: 'Detail', info: 'Note', warn: 'Warning', error: 'Error' },
  job: 'Of',
  everything: 'Everything',
  follow: 'Follow',
  copy: 'Copy',
  save: 'Save',
  openFolder: 'Open the folder',
  fileName: 'rekindle-log.txt',
} as const;

export const settingsWords = {
  title: 'Settings',
  theme: 'Appearance',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  backup: 'Back up before a flash',
  backups: { always: 'Always', never: 'Only when I say so' },
  backupHint: 'You can change it for one flash under its Options.',
  lookDaily: 'Look for firmware once a day',
  lookDailyHint:
    'For the boards you looked for before, while Rekindle is open. Nothing is installed by looking.',
  language: 'Language',
  languages: { en: 'English' },
  rights: 'Access to boards',
  about: 'About',
  versions: 'Versions',
  licences: 'Licences of what Rekindle is made with',
  licencesMissing: 'The licences lie beside the program once it is built.',
  openLogs: 'Open the log folder',
  privacy:
    'No account, no telemetry. The network is asked only when you look for updates, or once a day where you switched that on.',
} as const;

export const rightsWords = {
  letIn: 'Let me in',
  letInAdvice: 'Press "Let me in". Once is enough, for every board.',
  letInTitle: 'Found, but your account may not open it',
  remove: 'Remove it',
  again: 'Check again',
  where: (path: string): string => `This rule goes to ${path}:`,
  ruleLabel: 'The rule, word for word',
  scriptLabel: 'What is run as root, word for word',
  byHand: 'Or copy this into a terminal:',
  byHandLabel: 'By hand',
  copy: 'Copy',
  steps: 'Show the steps',
  working: 'Your system is asking for a password ...',
} as const;

export const reportWords = { copy: 'Copy report', copied: 'Copied', failed: 'Could not copy' } as const;
