import { describe, expect, it } from 'vitest';

const script = '../../scripts/packaging/signing.mjs';
const { signingOf } = (await import(script)) as {
  signingOf: (env: Record<string, string>) => { mac: boolean; env: Record<string, string> };
};

describe('the one secret of signing', () => {
  it.each([{}, { REKINDLE_SIGNING: '' }, { REKINDLE_SIGNING: '\n\r\n' }])(
    'that is not there signs nothing: %j',
    (env) => {
      expect(signingOf(env)).toEqual({ mac: false, env: { CSC_IDENTITY_AUTO_DISCOVERY: 'false' } });
    },
  );

  it('sets what electron-builder reads; values may hold what they like', () => {
    const secret = 'CSC_LINK=QUJD==\r\nCSC_KEY_PASSWORD=a=b c\n\nAPPLE_TEAM_ID = X1 \n';
    expect(signingOf({ REKINDLE_SIGNING: secret })).toEqual({
      mac: true,
      env: { CSC_LINK: 'QUJD==', CSC_KEY_PASSWORD: 'a=b c', APPLE_TEAM_ID: 'X1' },
    });
  });

  it('for Windows alone leaves macOS with a signature of nobody', () => {
    expect(signingOf({ REKINDLE_SIGNING: 'WIN_CSC_LINK=QUJD' })).toEqual({
      mac: false,
      env: { WIN_CSC_LINK: 'QUJD' },
    });
  });

  it.each(['hunter2', 'NODE_OPTIONS=--require=hunter2', '=hunter2', 'CSC_LINK=x\nhunter2'])(
    'with a line it does not know is refused, without repeating it: %j',
    (secret) => {
      expect(() => signingOf({ REKINDLE_SIGNING: secret })).toThrow(/^line \d of REKINDLE_SIGNING/);
      expect(() => signingOf({ REKINDLE_SIGNING: secret })).not.toThrow(/hunter2/);
    },
  );
});
