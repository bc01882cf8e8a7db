import * as v from 'valibot';

/** Rises when readers of the JSON lines must change. */
export const cliSchemaVersion = 1;

const range = v.object({ start: v.number(), end: v.number() });

/**
 * One line of `--json`. Every line has `v` and `event`; a command that runs a job ends with `result`, one that
 * fails before it can ends with `error`. Fields may be added; none changes its meaning within a version.
 */
export const cliEventSchema = v.intersect([
  v.looseObject({ v: v.literal(cliSchemaVersion), event: v.string() }),
  v.variant('event', [
    v.looseObject({
      event: v.literal('board'),
      board: v.string(),
      portPath: v.string(),
      virtual: v.boolean(),
    }),
    v.looseObject({
      event: v.literal('unsupported-board'),
      board: v.string(),
      dangers: v.array(v.string()),
    }),
    v.looseObject({ event: v.literal('plan'), plan: v.looseObject({ hash: v.string(), board: v.string() }) }),
    v.looseObject({ event: v.literal('step-started'), step: v.string() }),
    v.looseObject({ event: v.literal('step-skipped'), step: v.string(), reason: v.string() }),
    v.looseObject({ event: v.literal('step-done'), step: v.string(), durationMs: v.number() }),
    v.looseObject({ event: v.literal('step-failed'), step: v.string(), code: v.string() }),
    v.looseObject({
      event: v.literal('progress'),
      step: v.string(),
      doneBytes: v.number(),
      totalBytes: v.number(),
    }),
    v.looseObject({
      event: v.literal('tried'),
      tried: v.looseObject({ kind: v.string(), outcome: v.picklist(['worked', 'failed', 'not-possible']) }),
    }),
    v.looseObject({ event: v.literal('waiting'), for: v.string() }),
    v.looseObject({
      event: v.literal('guide'),
      guide: v.looseObject({
        profile: v.string(),
        steps: v.array(v.looseObject({ state: v.picklist(['waiting', 'now', 'done']) })),
        hold: v.picklist(['none', 'keep', 'now']),
        caught: v.boolean(),
        tries: v.number(),
      }),
    }),
    v.looseObject({ event: v.literal('backup'), path: v.string(), bytes: v.number(), sha256: v.string() }),
    v.looseObject({ event: v.literal('warning'), code: v.string(), title: v.string() }),
    v.looseObject({
      event: v.literal('result'),
      exitCode: v.number(),
      verdict: v.string(),
      title: v.string(),
      result: v.looseObject({
        outcome: v.string(),
        content: v.looseObject({ kind: v.string() }),
        inDoubt: v.array(range),
        comparison: v.exactOptional(
          v.looseObject({ name: v.string(), differentBytes: v.number(), compared: v.array(range) }),
        ),
      }),
    }),
    v.looseObject({
      event: v.literal('devices'),
      devices: v.array(v.looseObject({ portPath: v.string(), ids: v.string() })),
    }),
    v.looseObject({
      event: v.literal('unit'),
      number: v.number(),
      unit: v.looseObject({ portPath: v.string(), serial: v.string(), state: v.string() }),
    }),
    v.looseObject({
      event: v.literal('lowered'),
      lowered: v.looseObject({ to: v.number(), hub: v.string() }),
    }),
    v.looseObject({
      event: v.literal('batch'),
      batch: v.looseObject({
        wanted: v.number(),
        counts: v.looseObject({ done: v.number(), failed: v.number(), left: v.number() }),
      }),
    }),
    v.looseObject({ event: v.literal('image'), name: v.string(), format: v.string() }),
    v.looseObject({
      event: v.literal('history'),
      jobs: v.optional(v.array(v.looseObject({ id: v.string(), kind: v.string(), startedAt: v.string() }))),
      path: v.optional(v.string()),
    }),
    v.looseObject({
      event: v.literal('open-jobs'),
      jobs: v.array(
        v.looseObject({ id: v.string(), state: v.string(), proposal: v.looseObject({ do: v.string() }) }),
      ),
      batches: v.array(
        v.looseObject({ id: v.string(), boards: v.array(v.looseObject({ state: v.string() })) }),
      ),
    }),
    v.looseObject({ event: v.literal('discarded'), id: v.string() }),
    v.looseObject({
      event: v.literal('profiles'),
      profiles: v.array(v.looseObject({ id: v.string(), support: v.string() })),
      problems: v.array(v.looseObject({ file: v.string() })),
    }),
    v.looseObject({ event: v.literal('profile'), profile: v.looseObject({ id: v.string() }) }),
    v.looseObject({
      event: v.literal('validated'),
      file: v.string(),
      valid: v.boolean(),
      problems: v.array(v.looseObject({ code: v.string(), path: v.string(), text: v.string() })),
    }),
    v.looseObject({ event: v.literal('rights'), status: v.looseObject({ system: v.string() }) }),
    v.looseObject({
      event: v.literal('rights-result'),
      exitCode: v.number(),
      title: v.string(),
      advice: v.string(),
      result: v.looseObject({ kind: v.string() }),
      status: v.looseObject({ system: v.string() }),
    }),
    v.looseObject({
      event: v.literal('converted'),
      path: v.string(),
      format: v.string(),
      bytes: v.number(),
    }),
    v.looseObject({
      event: v.literal('kept-backup'),
      id: v.string(),
      board: v.string(),
      virtual: v.boolean(),
      when: v.string(),
      bytes: v.number(),
    }),
    v.looseObject({
      event: v.literal('backup-exported'),
      id: v.string(),
      path: v.string(),
      bytes: v.number(),
    }),
    v.looseObject({ event: v.literal('backup-imported'), id: v.string() }),
    v.looseObject({ event: v.literal('backup-removed'), id: v.string(), dryRun: v.boolean() }),
    v.looseObject({
      event: v.literal('version'),
      version: v.string(),
      newer: v.optional(v.looseObject({ version: v.string() })),
    }),
    v.looseObject({
      event: v.literal('sources'),
      board: v.string(),
      sources: v.array(v.looseObject({ kind: v.string(), id: v.string(), own: v.boolean() })),
    }),
    v.looseObject({
      event: v.literal('firmware-look'),
      look: v.looseObject({
        profile: v.string(),
        source: v.string(),
        from: v.string(),
        offers: v.array(v.looseObject({ id: v.string(), version: v.string(), fileName: v.string() })),
      }),
    }),
    v.looseObject({
      event: v.literal('firmware-page'),
      page: v.looseObject({ profile: v.string(), address: v.string(), take: v.string() }),
    }),
    v.looseObject({
      event: v.literal('updates'),
      title: v.string(),
      updates: v.looseObject({
        standing: v.looseObject({ portPath: v.string(), name: v.string() }),
        looks: v.array(v.looseObject({ source: v.string(), from: v.picklist(['net', 'cache']) })),
        offers: v.array(
          v.looseObject({
            id: v.string(),
            version: v.string(),
            fileName: v.string(),
            comparison: v.picklist(['same', 'newer', 'older', 'unknown']),
            risks: v.array(v.string()),
          }),
        ),
        pages: v.array(v.looseObject({ address: v.string(), take: v.string() })),
      }),
    }),
    v.looseObject({
      event: v.literal('fetching'),
      offer: v.string(),
      doneBytes: v.number(),
    }),
    v.looseObject({
      event: v.literal('fetched'),
      offer: v.string(),
      version: v.string(),
      fileName: v.string(),
      sizeBytes: v.number(),
      sha256: v.string(),
      digest: v.picklist(['checked', 'not-given']),
      signature: v.picklist(['good', 'none', 'not-signable']),
      from: v.picklist(['net', 'cache']),
      fetchedAt: v.string(),
    }),
    v.looseObject({ event: v.literal('source-removed'), board: v.string(), source: v.string() }),
    v.looseObject({ event: v.literal('key-pinned'), board: v.string(), source: v.string() }),
    v.looseObject({
      event: v.literal('index-made'),
      path: v.string(),
      count: v.number(),
      sequence: v.number(),
    }),
    v.looseObject({ event: v.literal('listening'), port: v.number(), at: v.string() }),
    v.looseObject({
      event: v.literal('action'),
      done: v.exactOptional(v.string()),
      refused: v.exactOptional(v.string()),
    }),
    v.looseObject({
      event: v.literal('error'),
      exitCode: v.number(),
      code: v.string(),
      title: v.string(),
      advice: v.string(),
    }),
  ]),
]);
