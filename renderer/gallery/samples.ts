// What the gallery shows: boards, plans and results as the core reports them.
import type { AlternateReport, BoardReport } from '../../shared/board.ts';
import type { TimelineEntry } from '../../shared/job-view.ts';
import type { RegionPlan } from '../../shared/plan.ts';
import type { Result } from '../../shared/result.ts';

const access = { readable: true, erasable: true, writable: true };
const flash = 0x08000000;

export const nanoVnaRuns: AlternateReport['runs'] = [
  { start: flash, sectorSize: 2048, count: 64, ...access },
];
export const f405Runs: AlternateReport['runs'] = [
  { start: flash, sectorSize: 16 * 1024, count: 4, ...access },
  { start: flash + 0x10000, sectorSize: 64 * 1024, count: 1, ...access },
  { start: flash + 0x20000, sectorSize: 128 * 1024, count: 7, ...access },
];
export const twoBankRuns: AlternateReport['runs'] = [
  { start: flash, sectorSize: 2048, count: 512, ...access },
  { start: 0x1fff0000, sectorSize: 1024, count: 28, ...access },
];

const nothing = { image: [], erase: [], eraseSectors: 0, write: [], unchanged: [], kept: [], lost: [] };

export const nanoVnaPlan: RegionPlan = {
  ...nothing,
  alternate: 0,
  name: 'Internal Flash',
  image: [{ start: flash, end: flash + 96_300 }],
  erase: [{ start: flash + 0x4000, end: flash + 0x18000 }],
  eraseSectors: 40,
  write: [{ start: flash + 0x4000, end: flash + 0x18000 }],
  unchanged: [{ start: flash, end: flash + 0x4000 }],
  kept: [{ start: flash + 96_300, end: flash + 0x18000 }],
};
export const f405Plan: RegionPlan = {
  ...nothing,
  alternate: 0,
  name: 'Internal Flash',
  image: [
    { start: flash, end: flash + 0x3000 },
    { start: flash + 0xc000, end: flash + 0x5a400 },
  ],
  erase: [
    { start: flash, end: flash + 0x4000 },
    { start: flash + 0xc000, end: flash + 0x60000 },
  ],
  eraseSectors: 5,
  write: [
    { start: flash, end: flash + 0x3000 },
    { start: flash + 0xc000, end: flash + 0x5a400 },
  ],
  lost: [{ start: flash + 0x5a400, end: flash + 0x60000 }],
};
export const f405Forbidden = [{ start: flash + 0x4000, end: flash + 0xc000 }];

const nanoVna: BoardReport = {
  portPath: '1-2',
  bus: 'bench',
  virtual: true,
  ids: '0483:df11',
  mode: 'dfu',
  state: 'flash',
  isBoard: true,
  candidates: [],
  profile: undefined,
  known: undefined,
  standard: 'DfuSe 1.1a',
  name: 'STM32F072 (NanoVNA or NanoVNA-H)',
  slug: 'stm32f072',
  likely: ['NanoVNA', 'NanoVNA-H'],
  manufacturer: 'STMicroelectronics',
  product: 'STM32  BOOTLOADER',
  serial: 'FFFFFFFEFFFF',
  bcdDevice: '2200',
  internal: false,
  transferSize: 2048,
  canDownload: true,
  canUpload: true,
  manifestationTolerant: true,
  willDetach: false,
  interfaceNumber: 0,
  alternates: [{ alternate: 0, name: 'Internal Flash', kind: 'main-flash', runs: nanoVnaRuns }],
  problem: undefined,
  evidence: 'USB 0483:df11, DfuSe 1.1a, 64 sectors of 2 KB',
};
export const boards: readonly BoardReport[] = [
  nanoVna,
  {
    ...nanoVna,
    portPath: '3-1.4',
    virtual: false,
    name: 'STM32F405 or F407 (ODrive v3)',
    evidence: 'USB 0483:df11, DfuSe 1.1a, 12 sectors, 1 MB',
  },
  {
    ...nanoVna,
    portPath: '1-4',
    virtual: false,
    mode: 'runtime',
    isBoard: true,
    name: 'Tracker One',
    evidence: 'USB 2b04:c01a, can enter flash mode by itself',
  },
  {
    ...nanoVna,
    portPath: '2-1',
    virtual: false,
    name: 'STM32F303xC (NanoVNA-H4)',
    evidence: 'USB 0483:df11',
    problem: { code: 'usb.access-denied', params: { portPath: '2-1', ids: '0483:df11', platform: 'linux' } },
  },
  {
    ...nanoVna,
    portPath: '1-6',
    virtual: false,
    internal: true,
    mode: 'other',
    isBoard: true,
    name: 'Bluetooth adapter',
    evidence: 'USB 8087:0029',
  },
];

export const runningSteps: readonly TimelineEntry[] = [
  { step: 'detect', state: 'after', durationMs: 210 },
  { step: 'enter', state: 'skipped', reason: 'already-in-flash-mode' },
  { step: 'identify', state: 'after', durationMs: 34 },
  { step: 'back-up', state: 'after', durationMs: 3420, bytes: 131_072 },
  { step: 'compare', state: 'skipped', reason: 'backup-compares-too' },
  { step: 'erase', state: 'after', durationMs: 1280, bytes: 81_920 },
  { step: 'write', state: 'during', bytes: 81_920 },
  { step: 'verify', state: 'before' },
  { step: 'leave', state: 'before' },
  { step: 'confirm', state: 'before' },
];
export const brokenSteps: readonly TimelineEntry[] = [
  { step: 'detect', state: 'after', durationMs: 210 },
  { step: 'identify', state: 'after', durationMs: 34 },
  { step: 'erase', state: 'after', durationMs: 1280, bytes: 81_920 },
  { step: 'write', state: 'failed', durationMs: 2210, bytes: 38_912, code: 'usb.gone' },
  { step: 'verify', state: 'not-reached' },
  { step: 'leave', state: 'not-reached' },
];

export const rates = [0, 8, 21, 29, 33, 35, 34, 36, 35, 35, 22, 30, 34, 35, 36, 35].map(
  (kilo) => kilo * 1024,
);

export const done: Result = {
  outcome: 'done',
  content: { kind: 'verified' },
  inDoubt: [],
  erased: [],
  app: 'running',
  leftEarly: false,
  next: 'nothing',
  error: undefined,
  board: 'NanoVNA-H',
  portPath: '1-2',
  virtual: true,
  backup: undefined,
  steps: [],
  durationMs: 9120,
  requests: {},
};
export const results: readonly Result[] = [
  done,
  {
    ...done,
    content: { kind: 'written' },
    app: 'not-seen',
    steps: [{ step: 'verify', state: 'skipped', reason: 'board-cannot-be-read', durationMs: 0 }],
  },
  {
    ...done,
    outcome: 'interrupted',
    content: { kind: 'partial', ranges: [] },
    app: 'not-expected',
    next: 'continue',
  },
];

export const problemDetails = [
  'usb.gone while writing',
  'Written: 0x08004000-0x0800D7FF (38 KB)',
  'In doubt: 0x0800D800-0x0800DFFF (2 KB)',
  'Erased and not written: 0x0800E000-0x08017FFF (40 KB)',
];

/** As many lines as asked for. */
export function logLines(count: number): { id: number; text: string }[] {
  return Array.from({ length: count }, (_, at) => ({
    id: at,
    text: `12:00:${String(at % 60).padStart(2, '0')}  DNLOAD block ${at} (2048 bytes), GETSTATUS dfuDNLOAD-IDLE`,
  }));
}
