// Whether a rule's conditions hold for a device that is not there yet: yes, no, or not to be told.
import { literalStart, matchesPattern } from './udev-glob.ts';
import type { Term } from './udev-line.ts';

/**
 * `outside`: decided by something beside the rules, such as the hardware database; `doubt`: by what nobody can know
 * before the device is there, or by something we do not understand.
 */
export type Truth = 'yes' | 'no' | 'outside' | 'doubt';

/** A device as we expect it, in flash mode. */
export interface ExpectedDevice {
  /** Four small hex digits each. */
  readonly vendor: string;
  readonly product: string;
  /** It has a DFU interface and nothing else; the interface's protocol is not known (dfu.md 1.1). */
  readonly dfuInterface: boolean;
  readonly action: 'add' | 'bind';
}

/** How far things are when a line is read. */
export interface SoFar {
  /** What rules have set; undefined stands for something we cannot tell. */
  readonly properties: ReadonlyMap<string, ReadonlySet<string | undefined>>;
  /** A program or a file may have set any other. */
  readonly imported: boolean;
  /** Whether udev knows the interfaces: after 50-udev-default.rules (dfu.md 7.1). */
  readonly usbIdHasRun: boolean;
}

/** All conditions of a line together. */
export function allOf(truths: readonly Truth[]): Truth {
  for (const truth of ['no', 'doubt', 'outside'] as const) if (truths.includes(truth)) return truth;
  return 'yes';
}

/** One condition. */
export function truthOf(term: Term, device: ExpectedDevice, soFar: SoFar): Truth {
  const truth = positive(term, device, soFar);
  if (term.operator === '==') return truth;
  if (truth === 'yes') return 'no';
  return truth === 'no' ? 'yes' : truth;
}

function positive(term: Term, device: ExpectedDevice, soFar: SoFar): Truth {
  const is = (value: string): Truth => told(matchesPattern(term.value, value, term.anyCase));
  switch (term.key) {
    case 'ACTION':
      return is(device.action);
    case 'SUBSYSTEM':
      return is('usb');
    case 'SUBSYSTEMS':
      // What it hangs on belongs to other subsystems.
      return is('usb') === 'yes' ? 'yes' : 'doubt';
    case 'KERNEL':
      return kernelName(term);
    case 'ATTR':
    case 'ATTRS':
      // Hubs above it have ids, too, but nobody writes rules for boards by their hubs.
      if (term.attribute === 'idVendor') return is(device.vendor);
      if (term.attribute === 'idProduct') return is(device.product);
      return 'doubt';
    case 'ENV':
      return property(term, device, soFar, is);
    default:
      return 'doubt';
  }
}

function told(fits: boolean | undefined): Truth {
  if (fits === undefined) return 'doubt';
  return fits ? 'yes' : 'no';
}

/** A USB device is called by its port: `1-4.2`. */
function kernelName({ value }: Term): Truth {
  if (value === '*') return 'yes';
  return value.split('|').every((one) => /^[a-z]/i.test(literalStart(one))) ? 'no' : 'doubt';
}

function property(
  term: Term,
  device: ExpectedDevice,
  { properties, imported, usbIdHasRun }: SoFar,
  is: (value: string) => Truth,
): Truth {
  const { attribute } = term;
  const set = properties.get(attribute);
  if (set !== undefined) return agreed([...set].map((one) => (one === undefined ? 'outside' : is(one))));
  switch (attribute) {
    case 'DEVTYPE':
      return is('usb_device');
    case 'SUBSYSTEM':
      return is('usb');
    case 'ACTION':
      return is(device.action);
    case 'MAJOR':
      return is('189');
    case 'PRODUCT':
      return productProperty(term, device, is);
    case 'ID_USB_INTERFACES':
      if (!usbIdHasRun) return is('');
      if (!device.dfuInterface) return 'doubt';
      return agreed([':fe0100:', ':fe0101:', ':fe0102:'].map(is));
    case 'DEVNAME':
    case 'DEVPATH':
    case 'DEVNUM':
    case 'BUSNUM':
    case 'MINOR':
    case 'TYPE':
    case 'SEQNUM':
      return term.value === '' ? 'no' : term.value === '?*' ? 'yes' : 'doubt';
    case 'ID_VENDOR_ID':
      return usbIdHasRun ? is(device.vendor) : is('');
    case 'ID_MODEL_ID':
      return usbIdHasRun ? is(device.product) : is('');
    default:
      // Those come from the hardware database; others are set by nobody before us.
      return imported || attribute.startsWith('ID_') ? 'outside' : is('');
  }
}

/** `483/df11/2200`, whose last part is the device's version. */
function productProperty({ value }: Term, device: ExpectedDevice, is: (value: string) => Truth): Truth {
  const start = [device.vendor, device.product]
    .map((id) => `${Number.parseInt(id, 16).toString(16)}/`)
    .join('');
  const truth = agreed(['0', '100', '2200', 'ffff'].map((version) => is(start + version)));
  if (truth !== 'no') return truth;
  const possible = value.split('|').some((one) => {
    const literal = literalStart(one);
    return literal.startsWith(start) || (literal !== one && start.startsWith(literal));
  });
  return possible ? 'doubt' : 'no';
}

function agreed(truths: readonly Truth[]): Truth {
  const [first = 'doubt'] = truths;
  if (truths.every((one) => one === first)) return first;
  return truths.includes('outside') ? 'outside' : 'doubt';
}
