// The functional descriptor, and what it leaves to be guessed (DFU 1.1 section 4.1.3 and 4.2.4; dfu.md 1.2, 1.3).
import { viewOf } from '../../base/bytes.ts';
import { limits } from '../../../shared/limits.ts';
import type { QuirkFlags } from '../../../shared/quirks.ts';
import type { UsbAlternate, UsbDeviceFacts, UsbInterface } from '../../transports/usb/usb-device.ts';
import {
  DfuAttribute,
  DfuProtocol,
  DfuVersion,
  dfuInterfaceClass,
  dfuInterfaceSubClass,
  functionalDescriptorType,
} from './constants.ts';

/** What a DFU interface says of itself, with guesses marked. */
export interface DfuFunction {
  readonly interfaceNumber: number;
  readonly alternates: readonly UsbAlternate[];
  readonly canDownload: boolean;
  readonly canUpload: boolean;
  readonly manifestationTolerant: boolean;
  /** The device leaves the bus by itself after DETACH; otherwise the host must reset it. */
  readonly willDetach: boolean;
  /** How long the device waits for that reset, ms. */
  readonly detachTimeoutMs: number;
  /** wTransferSize as reported; 0 when unknown. */
  readonly reportedTransferSize: number;
  /** bcdDFUVersion after deduction. */
  readonly version: number;
  readonly dfuse: boolean;
  readonly mode: 'runtime' | 'dfu';
  /** No functional descriptor was found: version 1.0 and both directions are assumed. */
  readonly assumed: boolean;
}

interface Functional {
  readonly attributes: number;
  readonly detachTimeoutMs: number;
  readonly transferSize: number;
  readonly version: number;
  readonly assumed: boolean;
}

/** Every DFU interface of a device, in order. Never throws: nonsense in descriptors gives assumptions. */
export function findDfuFunctions(facts: UsbDeviceFacts, quirks: QuirkFlags = {}): DfuFunction[] {
  return facts.interfaces.flatMap((entry) => {
    const alternates = entry.alternates.filter(isDfuAlternate);
    if (alternates.length === 0) return [];
    return [describe(facts, entry, alternates, quirks)];
  });
}

function isDfuAlternate(alternate: UsbAlternate): boolean {
  return (
    alternate.interfaceClass === dfuInterfaceClass && alternate.interfaceSubClass === dfuInterfaceSubClass
  );
}

function describe(
  facts: UsbDeviceFacts,
  entry: UsbInterface,
  alternates: readonly UsbAlternate[],
  quirks: QuirkFlags,
): DfuFunction {
  const functional = findFunctional(facts, alternates);
  const version = quirks['force-version'] ?? functional.version;
  const attributes = functional.attributes;
  return {
    interfaceNumber: entry.number,
    alternates,
    canDownload: (attributes & DfuAttribute.canDownload) !== 0,
    canUpload: (attributes & DfuAttribute.canUpload) !== 0 && quirks['ignore-upload'] !== true,
    manifestationTolerant: (attributes & DfuAttribute.manifestationTolerant) !== 0,
    willDetach: (attributes & DfuAttribute.willDetach) !== 0,
    detachTimeoutMs: functional.detachTimeoutMs,
    reportedTransferSize: functional.transferSize,
    version,
    dfuse: version === DfuVersion.dfuse,
    mode: deduceMode(facts, alternates, version, quirks),
    assumed: functional.assumed,
  };
}

/**
 * Configuration extra bytes first, then every alternate's: usually only the last alternate carries it
 * (dfu.md 1.2, the order dfu-util uses). The fourth place it looks, GET_DESCRIPTOR on the open device, is not
 * asked: facts are told without opening.
 */
function findFunctional(facts: UsbDeviceFacts, alternates: readonly UsbAlternate[]): Functional {
  for (const extra of [facts.configurationExtra, ...alternates.map((alternate) => alternate.extra)]) {
    const found = parseFunctional(extra);
    if (found !== undefined) return found;
  }
  return { attributes: 0x03, detachTimeoutMs: 0, transferSize: 0, version: DfuVersion.dfu10, assumed: true };
}

/** Walks extra bytes to the functional descriptor; undefined when there is none. */
export function parseFunctional(extra: Uint8Array): Functional | undefined {
  let at = 0;
  while (at + 1 < extra.length) {
    const length = extra[at] ?? 0;
    if (length < 2) return undefined;
    if (extra[at + 1] === functionalDescriptorType) {
      return decodeFunctional(extra.subarray(at, Math.min(at + length, extra.length)));
    }
    at += length;
  }
  return undefined;
}

function decodeFunctional(bytes: Uint8Array): Functional | undefined {
  if (bytes.length < 3) return undefined;
  const view = viewOf(bytes);
  return {
    attributes: view.getUint8(2),
    detachTimeoutMs: bytes.length >= 5 ? view.getUint16(3, true) : 0,
    transferSize: bytes.length >= 7 ? view.getUint16(5, true) : 0,
    version: bytes.length >= 9 ? deduceVersion(view.getUint16(7, true)) : DfuVersion.dfu10,
    assumed: false,
  };
}

/** 0x0101 is what a widely used descriptor macro emits for 1.1 (dfu.md 1.2). */
function deduceVersion(reported: number): number {
  return reported === 0x0101 ? DfuVersion.dfu11 : reported;
}

/** dfu.md 1.3. GETSTATUS has the last word once the device is open. */
function deduceMode(
  facts: UsbDeviceFacts,
  alternates: readonly UsbAlternate[],
  version: number,
  quirks: QuirkFlags,
): 'runtime' | 'dfu' {
  if (quirks['force-dfu-mode'] === true) return 'dfu';
  const protocol = alternates[0]?.interfaceProtocol;
  if (protocol === DfuProtocol.dfuMode) return 'dfu';
  if (version === DfuVersion.dfuse && protocol === DfuProtocol.version10) return 'dfu';
  // DFU 1.0 marks its mode in the device class instead (dfu.md 1.1).
  const classSaysDfu =
    facts.deviceClass === dfuInterfaceClass && facts.deviceSubClass === dfuInterfaceSubClass;
  if (protocol === DfuProtocol.version10 && classSaysDfu) return 'dfu';
  if (quirks['dfu-mode-when-alone'] === true && facts.interfaces.length === 1) return 'dfu';
  return 'runtime';
}

/** A transfer size to use, and why it differs from the reported one where it does. */
export interface TransferSize {
  readonly bytes: number;
  readonly reason: 'reported' | 'given' | 'capped' | 'raised' | 'assumed' | 'quirk';
}

/**
 * dfu.md 1.2 "wTransferSize handling seen": 0 is unusable unless given; 0xFFFF is a way of saying
 * "unknown"; over 4096 no system takes it; below EP0's packet size it is raised.
 * @returns undefined where nothing is known and nothing was given
 */
export function chooseTransferSize(
  dfu: DfuFunction,
  maxPacketSize0: number,
  given: number | undefined,
  quirks: QuirkFlags = {},
): TransferSize | undefined {
  if (given !== undefined) return { bytes: Math.min(given, limits.controlBytes), reason: 'given' };
  const quirk = quirks['transfer-size'];
  if (quirk !== undefined) return { bytes: Math.min(quirk, limits.controlBytes), reason: 'quirk' };
  const reported = dfu.reportedTransferSize;
  if (reported === 0)
    return dfu.assumed ? { bytes: Math.max(maxPacketSize0, 64), reason: 'assumed' } : undefined;
  if (reported === 0xffff) return { bytes: 1024, reason: 'assumed' };
  if (reported > limits.controlBytes) return { bytes: limits.controlBytes, reason: 'capped' };
  if (reported < maxPacketSize0) return { bytes: maxPacketSize0, reason: 'raised' };
  return { bytes: reported, reason: 'reported' };
}
