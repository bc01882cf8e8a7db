import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { Result } from '../../shared/result.ts';
import { offerFor } from '../../shared/text/verdict-actions.ts';
import { errorSamples } from './error-samples.ts';

function refusedBy(code: ErrorCode): Result {
  return {
    outcome: 'refused',
    content: { kind: 'untouched' },
    inDoubt: [],
    erased: [],
    app: 'not-expected',
    leftEarly: false,
    next: 'nothing',
    error: { code, params: errorSamples[code] },
    board: 'board',
    portPath: '1-1',
    virtual: true,
    backup: undefined,
    steps: [],
    durationMs: 1,
    requests: {},
  };
}

describe('what is offered after a refusal', () => {
  it.each(['plan.wrong-device', 'plan.outside-memory', 'image.empty'] as const)(
    'is another file after %s',
    (code) => expect(offerFor(refusedBy(code)).action).toBe('choose-file'),
  );

  it.each(['device.none', 'usb.busy', 'file.disk-full', 'backup.failed', 'dfuse.read-protected'] as const)(
    'is the same once more after %s, for no file would help',
    (code) => expect(offerFor(refusedBy(code)).action).toBe('again'),
  );
});
