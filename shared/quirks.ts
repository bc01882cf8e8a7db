import * as v from 'valibot';

/**
 * Named differences of single devices. A flag is set in data (`assets/quirks.json`, later a profile), read
 * at one place in the protocol, and has a switch of the same name on the bench where it shows on the wire.
 */
export const quirkFlagsSchema = v.partial(
  v.strictObject({
    /** bcdDFUVersion is wrong; use this one. */
    'force-version': v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)),
    /** The interface looks like a runtime one and is in DFU mode all the same. */
    'force-dfu-mode': v.boolean(),
    /** Protocol 0 means DFU mode when the configuration has exactly one interface. */
    'dfu-mode-when-alone': v.boolean(),
    /** wTransferSize is wrong; use this many bytes. */
    'transfer-size': v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(4096)),
    /** bwPollTimeout is wrong; wait this many ms instead. */
    'poll-timeout-ms': v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(60_000)),
    /** Always wait bwPollTimeout; never poll early. */
    'poll-obedient': v.boolean(),
    /** bitCanUpload is set and upload does not work. */
    'ignore-upload': v.boolean(),
    /** Serial string is 8-bit text and gives the flash size; the map in the name is wrong. */
    'gd32vf103-map': v.boolean(),
    /** Product id stays the same in DFU mode. */
    'same-product-id': v.boolean(),
    /** DETACH in DFU mode is how it returns to its program. */
    'detach-for-attach': v.boolean(),
    /** How long re-enumeration may take, ms. */
    'return-limit-ms': v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(300_000)),
    /** DETACH must carry 0x100 in wIndex. */
    'index-force-detach': v.boolean(),
    /** An internal part of a computer (Bluetooth, camera); never offered. */
    internal: v.boolean(),
    /** A protocol that only looks like DFU; never driven. */
    'not-dfu': v.boolean(),
  }),
);

export type QuirkFlags = v.InferOutput<typeof quirkFlagsSchema>;

/** Numbers as `0483`; ranges in product ids as `5117-5126`; `*` for any. */
export const quirkTableSchema = v.array(
  v.strictObject({
    name: v.pipe(v.string(), v.maxLength(255)),
    vendor: v.pipe(v.string(), v.regex(/^[0-9a-f]{4}$/)),
    products: v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^([0-9a-f]{4}(-[0-9a-f]{4})?|\*)$/))),
      v.minLength(1),
    ),
    bcdDevice: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{4}$/))),
    flags: quirkFlagsSchema,
    source: v.pipe(v.string(), v.minLength(3)),
  }),
);
export type QuirkTable = v.InferOutput<typeof quirkTableSchema>;
