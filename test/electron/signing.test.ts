import { describe, expect, it } from 'vitest';

const script = '../../scripts/packaging/signing.mjs';
const { signingOf } = (await import(script)) as {
  signingOf: (env: Record<string, string>, platform: string) => { mac: boolean; env: Record<string, string> };
};

const unsigned = { mac: false, env: { CSC_IDENTITY_AUTO_DISCOVERY: 'false' } };
const secret = 'CSC_LINK=QUJD==\r\nCSC_KEY_PASSWORD=a=b c\n\nAPPLE_TEAM_ID = X1 \nWIN_CSC_LINK=REVG\n';

describe('the one secret of signing', () => {
  it.each([{}, { REKINDLE_SIGNING: '' }, { REKINDLE_SIGNING: '\n\r\n' }])(
    'that is not there signs nothing: %j',
    (env) => {
      for (const platform of ['darwin', 'win32', 'linux']) expect(signingOf(env, platform)).toEqual(unsigned);
    },
  );

  it('gives each system what is its own; values may hold what they like', () => {
    const env = { REKINDLE_SIGNING: secret };
    expect(signingOf(env, 'darwin')).toEqual({
      mac: true,
      env: { CSC_LINK: 'QUJD==', CSC_KEY_PASSWORD: 'a=b c', APPLE_TEAM_ID: 'X1' },
    });
    expect(signingOf(env, 'win32')).toEqual({ mac: false, env: { WIN_CSC_LINK: 'REVG' } });
    expect(signingOf(env, 'linux')).toEqual(unsigned);
  });

  it.each(['hunter2', 'NODE_OPTIONS=--require=hunter2', '=hunter2', 'CSC_LINK=x\nhunter2'])(
    'with a line it does not know is refused, without repeating it: %j',
    (bad) => {
      const sign = (): unknown => signingOf({ REKINDLE_SIGNING: bad }, 'linux');
      expect(sign).toThrow(/^line \d of REKINDLE_SIGNING/);
      expect(sign).not.toThrow(/hunter2/);
    },
  );
});
