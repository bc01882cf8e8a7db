// A board as data: what tells it, how it gets into flash mode, what must never be written, how it is made safe.
// Regular expressions and the check say by their message which form was missed (shared/profile-problem.ts).
// Files in assets/profiles and in the person's own folder follow this schema; docs/profiles.md says how one is written.
import * as v from 'valibot';
import { firmwareSourcesSchema } from './firmware-source.ts';
import { profileIdSchema } from './profile-id.ts';

/** Words for people, or the name of a place. */
const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(300));
/** Names of one control, one board, one program. */
const label = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60));
/** What is sent or expected on a line, where a space counts: `ch> `. */
const lineText = v.pipe(v.string(), v.minLength(1), v.maxLength(60));
/** Where a figure or claim comes from: a fact file and its section, a document and its section. */
const source = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
/** `0483:df11`; `1366:*` for whatever a maker numbers; `*:*` for whatever has a DFU interface. */
const usbIds = v.pipe(v.string(), v.regex(/^([0-9a-f]{4}:([0-9a-f]{4}|\*)|\*:\*)$/, 'usb-ids'));
const hexAddress = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/, 'address'));
const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(600_000));
const byteCount = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(0xffff_ffff));
const some = <T extends v.GenericSchema>(schema: T) =>
  v.pipe(v.array(schema), v.minLength(1), v.maxLength(40));

/** What a step's end is seen by. Where there is none, only the person knows. */
export const guideProofs = ['left-usb', 'came-to-usb', 'in-flash-mode', 'program-running'] as const;
export type GuideProof = (typeof guideProofs)[number];

const stepCommon = {
  /** For at least this long, ms. */
  forMs: v.optional(milliseconds),
  proof: v.optional(v.picklist(guideProofs)),
};
const control = label;

/** One thing a hand does. The verbs are fixed, so that each has its words and its picture once. */
export const guideStepSchema = v.variant('verb', [
  v.strictObject({ verb: v.literal('press'), control, ...stepCommon }),
  v.strictObject({ verb: v.literal('hold'), control, ...stepCommon }),
  v.strictObject({ verb: v.literal('let-go'), control, ...stepCommon }),
  v.strictObject({ verb: v.literal('unplug'), ...stepCommon }),
  v.strictObject({ verb: v.literal('plug-in'), ...stepCommon }),
  v.strictObject({ verb: v.literal('switch-off'), ...stepCommon }),
  v.strictObject({ verb: v.literal('switch-on'), ...stepCommon }),
  v.strictObject({ verb: v.literal('set-switch'), control, to: label, ...stepCommon }),
  v.strictObject({ verb: v.literal('close-jumper'), control, ...stepCommon }),
  v.strictObject({ verb: v.literal('open-jumper'), control, ...stepCommon }),
  /** A path through the board's own menus. */
  v.strictObject({ verb: v.literal('choose-on-screen'), path: some(label), ...stepCommon }),
  v.strictObject({ verb: v.literal('wait'), ...stepCommon }),
  v.strictObject({ verb: v.literal('do-not-unplug'), ...stepCommon }),
]);
export type GuideStep = v.InferOutput<typeof guideStepSchema>;

const wayByHand = v.strictObject({
  kind: v.literal('by-hand'),
  /** Which of several ways it is: `Menu`, `Jumper`. */
  name: label,
  /** What must hold before the first step, each a whole sentence. */
  before: v.optional(v.pipe(v.array(text), v.maxLength(8)), []),
  steps: v.pipe(v.array(guideStepSchema), v.minLength(1), v.maxLength(16)),
  /** What has to be undone once the firmware is on. */
  after: v.optional(v.pipe(v.array(guideStepSchema), v.maxLength(8)), []),
  source,
});

const waySchema = v.variant('kind', [
  /** DETACH, as the standard has it. */
  v.strictObject({ kind: v.literal('dfu-detach'), source }),
  /** Opening the serial port at one speed is what the program takes for the wish. */
  v.strictObject({
    kind: v.literal('serial-touch'),
    baud: v.pipe(v.number(), v.integer(), v.minValue(50), v.maxValue(4_000_000)),
    /** Until flash mode must be there, ms. */
    limitMs: milliseconds,
    source,
  }),
  /** A command in the program's shell on its serial port. */
  v.strictObject({
    kind: v.literal('serial-command'),
    prompt: lineText,
    command: lineText,
    limitMs: milliseconds,
    source,
  }),
  wayByHand,
]);
export type WayIn = v.InferOutput<typeof waySchema>;
export type WayByHand = Extract<WayIn, { kind: 'by-hand' }>;

/** What a board shows of itself while it is in one mode. Everything given must fit; of a list, any one. */
const modeSchema = v.strictObject({
  kind: v.picklist(['application', 'runtime-dfu', 'flash']),
  ids: some(usbIds),
  manufacturers: v.optional(some(label)),
  products: v.optional(some(label)),
  /** Of `assets/chips.json`, told by the memory map. */
  chips: v.optional(some(profileIdSchema)),
  /** How the board looks then, for whoever sits before it. */
  looks: v.optional(text),
  source,
});
export type ProfileMode = v.InferOutput<typeof modeSchema>;

const rangeSchema = v.strictObject({
  alternate: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)),
  /** First and last byte, as data sheets write ranges. */
  first: hexAddress,
  last: hexAddress,
  what: text,
  /** `this-board`: only where the board is known to be this one, because others share its ids and may be written there. */
  when: v.optional(v.literal('this-board')),
  source,
});

/** How far a board goes here: everything; made to run again where it already is in flash mode; known by name only. */
export const supportLevels = ['full', 'repair', 'named'] as const;
export type Support = (typeof supportLevels)[number];

export const profileSchema = v.pipe(
  v.strictObject({
    /** `<maker>-<board>`, and the file's name. */
    id: profileIdSchema,
    name: label,
    maker: label,
    /** Other words people search for it by. */
    also: v.optional(v.pipe(v.array(label), v.maxLength(20)), []),
    support: v.picklist(supportLevels),
    /** Of a `named` or `repair` board: what can be done today, in a sentence. */
    today: v.optional(text),
    /** What can go wrong where somebody insists. */
    dangers: v.optional(v.pipe(v.array(text), v.maxLength(8)), []),
    /** How far what stands here was tried. */
    tested: v.picklist(['not-yet', 'simulator', 'recorded', 'hardware']),
    modes: v.pipe(v.array(modeSchema), v.minLength(1), v.maxLength(12)),
    /** Where boards share their ids: what is printed on this one, and where. */
    printed: v.optional(v.strictObject({ name: label, where: text })),
    /** In order of preference; the last is by hand. Empty where no way in is offered: of `repair` and `named` boards. */
    ways: v.optional(v.pipe(v.array(waySchema), v.maxLength(8)), []),
    /** What a hand does once the firmware is on, however the board came into flash mode. */
    after: v.optional(v.pipe(v.array(guideStepSchema), v.maxLength(8)), []),
    /** Flash mode ends by itself this long after power came, ms, unless a transfer begins. */
    window: v.optional(v.strictObject({ ms: milliseconds, source })),
    /** Something resets the board in flash mode after this long, ms, whatever the host does. */
    watchdog: v.optional(v.strictObject({ ms: milliseconds, what: text, source })),
    /** Its program usually shows on USB this soon after it left flash mode, ms; not a limit. */
    returnMs: v.optional(milliseconds),
    /** Never written, whatever the board allows. */
    forbidden: v.optional(v.pipe(v.array(rangeSchema), v.maxLength(100)), []),
    /** Never read into a backup or a log. */
    secrets: v.optional(v.pipe(v.array(rangeSchema), v.maxLength(100)), []),
    backup: v.optional(
      v.strictObject({
        /** `off`: not unless the person asks for it. */
        default: v.picklist(['on', 'off']),
        why: v.optional(text),
        source,
      }),
    ),
    /** Code for what data cannot say. */
    family: v.optional(v.picklist(['nanovna', 'pycom', 'odrive'])),
    /** What its firmware files are like; `*` in a name stands for anything. */
    files: v.optional(
      v.strictObject({
        names: some(label),
        /** Exactly so many bytes of firmware, a suffix not counted. */
        bytes: v.optional(byteCount),
        /** What is longer runs into settings or calibration. */
        mostBytes: v.optional(byteCount),
        source,
      }),
    ),
    /** Where its firmware comes from; a person may add more (docs/updates.md). Empty where no source states it. */
    firmware: v.optional(firmwareSourcesSchema, []),
    /** Programs that like to hold it. */
    holders: v.optional(v.pipe(v.array(label), v.maxLength(12)), []),
    /** A drawing in assets/guides, and whether a source states what it shows. */
    drawing: v.optional(
      v.strictObject({ file: profileIdSchema, likeness: v.picklist(['from-a-source', 'schematic']) }),
    ),
    /** The virtual board that behaves like it. */
    virtual: v.optional(profileIdSchema),
    /** Fact sections all of this rests on. */
    sources: some(source),
  }),
  v.check((profile) => profile.support === 'full' || profile.today !== undefined, 'today-missing'),
);
export type Profile = v.InferOutput<typeof profileSchema>;
