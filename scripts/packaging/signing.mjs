// The one secret of signing: lines of NAME=value, as docs/releasing.md lists them.

const namesOf = {
  darwin: ['CSC_LINK', 'CSC_KEY_PASSWORD', 'APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
  win32: ['WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD'],
};
const known = Object.values(namesOf).flat();

/**
 * What electron-builder signs with, for its environment, and whether there is a certificate for macOS.
 * A system is given what is its own: electron-builder would sign for Windows with a certificate from Apple.
 * Without the secret nothing is signed, whatever certificates the machine happens to hold.
 * @throws on a line that is none, naming its number and never its content
 */
export function signingOf({ REKINDLE_SIGNING: secret = '' }, platform) {
  const env = {};
  for (const [index, line] of secret.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const end = Math.max(0, line.indexOf('='));
    const name = line.slice(0, end).trim();
    if (!known.includes(name))
      throw new Error(`line ${index + 1} of REKINDLE_SIGNING sets none of: ${known.join(', ')}`);
    if (namesOf[platform]?.includes(name)) env[name] = line.slice(end + 1).trim();
  }
  if (Object.keys(env).length === 0) env.CSC_IDENTITY_AUTO_DISCOVERY = 'false';
  return { mac: env.CSC_LINK !== undefined, env };
}
