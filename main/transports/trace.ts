// Recorded transfers as NDJSON: one line per event, bytes as hex. Written by recorder.ts, replayed by player.ts.
import * as v from 'valibot';
import { fromHex, toHex } from '../../shared/hex.ts';
import type { ControlSetup, UsbDeviceFacts } from './usb/usb-device.ts';

/** Rises when old readers could not understand new lines. */
export const traceVersion = 1;

const bytes = v.pipe(v.string(), v.maxLength(2 * 70_000), v.regex(/^([0-9a-f]{2})*$/));
const whole = v.pipe(v.number(), v.integer());

const alternateSchema = v.strictObject({
  alternate: whole,
  interfaceClass: whole,
  interfaceSubClass: whole,
  interfaceProtocol: whole,
  nameIndex: whole,
  endpoints: v.array(v.strictObject({ address: whole, attributes: whole, maxPacketSize: whole })),
  extra: bytes,
});

const factsSchema = v.strictObject({
  bus: v.string(),
  portPath: v.string(),
  busNumber: whole,
  address: whole,
  generation: whole,
  vendorId: whole,
  productId: whole,
  bcdDevice: whole,
  bcdUsb: whole,
  deviceClass: whole,
  deviceSubClass: whole,
  maxPacketSize0: whole,
  speed: v.picklist(['low', 'full', 'high', 'super', 'unknown']),
  manufacturerIndex: whole,
  productIndex: whole,
  serialIndex: whole,
  configurationValue: whole,
  configurationExtra: bytes,
  interfaces: v.array(v.strictObject({ number: whole, alternates: v.array(alternateSchema) })),
});

/** How a recorded call ended: with bytes, with a truth value, or with an error's code. */
const endSchema = v.strictObject({
  t: v.number(),
  data: v.optional(bytes),
  value: v.optional(v.boolean()),
  error: v.optional(v.string()),
});

export const traceLineSchema = v.variant('op', [
  v.strictObject({ op: v.literal('header'), rekindleTrace: v.literal(traceVersion) }),
  v.strictObject({ op: v.literal('list'), t: v.number(), devices: v.array(factsSchema) }),
  v.strictObject({ op: v.literal('call'), port: v.string(), call: v.string(), end: endSchema }),
  v.strictObject({ op: v.literal('cut') }),
]);
export type TraceLine = v.InferOutput<typeof traceLineSchema>;

/** One call on a device, as the text both sides compare. */
export function describeCall(name: string, ...parts: readonly (number | string | Uint8Array)[]): string {
  return [name, ...parts.map((part) => (part instanceof Uint8Array ? toHex(part) : String(part)))].join(' ');
}

/** The fields of a setup, for `describeCall`. */
export function setupParts(setup: ControlSetup): (number | string)[] {
  return [setup.type, setup.recipient, setup.request, setup.value, setup.index];
}

/** Facts with their bytes as hex. */
export function factsToTrace(facts: UsbDeviceFacts): v.InferOutput<typeof factsSchema> {
  return {
    ...facts,
    configurationExtra: toHex(facts.configurationExtra),
    interfaces: facts.interfaces.map(({ number, alternates }) => ({
      number,
      alternates: alternates.map((one) => ({
        ...one,
        endpoints: [...one.endpoints],
        extra: toHex(one.extra),
      })),
    })),
  };
}

/** The way back. */
export function factsFromTrace(facts: v.InferOutput<typeof factsSchema>): UsbDeviceFacts {
  return {
    ...facts,
    configurationExtra: fromHex(facts.configurationExtra),
    interfaces: facts.interfaces.map(({ number, alternates }) => ({
      number,
      alternates: alternates.map((one) => ({ ...one, extra: fromHex(one.extra) })),
    })),
  };
}
