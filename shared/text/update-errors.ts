// Words for what goes wrong in looking for firmware and fetching it.
import type { UpdateErrorCode, UpdateErrorParams } from '../errors/update-codes.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { boardChoiceText } from './board-names.ts';
import type { ErrorTexts } from './errors.ts';

/** Why nothing is fetched from an address. */
export const addressWhys: {
  readonly [why in UpdateErrorParams['update.address']['why']]: string;
} = {
  'not-https': 'it is not https, so anybody on the way could change what comes',
  private: 'it is an address within your own network, and nothing but you may ask for one',
  credentials: 'it holds a user name or a password',
  'not-an-address': 'it is no web address',
};

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known: there is no network, or no such server',
  EAI_AGAIN: 'its name cannot be looked up: there is no network',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection was cut',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
  ETIMEDOUT: 'nobody answers there',
};

const notTheServer = 'Nothing of it was kept. Try again later; if it stays so, tell its maker.';

/** A part of the table in `errors.ts`. */
export const updateErrorTexts: Pick<ErrorTexts, UpdateErrorCode> = {
  'update.offline': ({ host, reason }) => ({
    title: `${host} cannot be reached: ${reasons[reason] ?? reason}`,
    advice: 'Check the network and try again. What was fetched before can be used without one.',
  }),
  'update.certificate': ({ host, reason }) => ({
    title: `${host} cannot prove that it is ${host} (${reason})`,
    advice:
      'Nothing was fetched. Check the date of this computer; in a company or a hotel, something on the way may be reading along.',
  }),
  'update.timeout': ({ host, waitedMs }) => ({
    title: `${host} was not done within ${formatDuration(waitedMs)}`,
    advice: 'Try again, or on a faster network.',
  }),
  'update.too-large': ({ host, limit }) => ({
    title: `${host} sends more than ${formatBytes(limit)}`,
    advice: notTheServer,
  }),
  'update.cut-off': ({ host, received, expected }) => ({
    title: `The answer of ${host} was cut off after ${formatBytes(received)}${expected === undefined ? '' : ` of ${formatBytes(expected)}`}`,
    advice: 'Nothing of it was kept. Try again.',
  }),
  'update.address': ({ address, why, redirected }) => ({
    title: `${redirected ? 'It sent us to an address that is not fetched from' : 'This address is not fetched from'}, as ${addressWhys[why]} (${address})`,
    advice: notTheServer,
  }),
  'update.redirects': ({ host, limit }) => ({
    title: `${host} sent us from one address to the next, more than ${limit} times`,
    advice: notTheServer,
  }),
  'update.rate-limited': ({ host, until }) => ({
    title: `${host} has answered too often to this network${until === undefined ? '' : `, and will again from ${until.slice(0, 16).replace('T', ' ')} UTC on`}`,
    advice: 'Wait until then. What was seen before still stands, with its date.',
  }),
  'update.status': ({ host, status }) => ({
    title:
      status === 404
        ? `${host} does not have it (404): it was moved or taken away`
        : `${host} answered with ${status}`,
    advice: status >= 500 ? 'That is its trouble. Try again later.' : notTheServer,
  }),
  'update.malformed': ({ host, reason }) => ({
    title: `What ${host} answered cannot be understood: ${reason}`,
    advice: notTheServer,
  }),
  'update.not-signed': ({ host }) => ({
    title: `The index of ${host} should be signed, and no signature is there`,
    advice: 'Nothing of it is offered. Tell whoever keeps it.',
  }),
  'update.bad-signature': ({ host }) => ({
    title: `The index of ${host} is not signed with the key that is known for it`,
    advice:
      'Nothing of it is offered: somebody may have changed it. It may also have been caught half-way through an update; try again in a minute.',
  }),
  'update.replayed': ({ host, found, seen }) => ({
    title: `The index of ${host} is of ${found.slice(0, 10)}, and one of ${seen.slice(0, 10)} was seen before`,
    advice: 'Nothing of it is offered: somebody may be holding newer firmware back. Try another network.',
  }),
  'update.wrong-digest': ({ fileName, expected, found }) => ({
    title: `${fileName} is not the file its maker meant (SHA-256 ${found.slice(0, 16)}… instead of ${expected.slice(0, 16)}…)`,
    advice: 'It was not kept. Look for updates again; if it stays so, tell its maker.',
  }),
  'update.wrong-size': ({ fileName, expected, found }) => ({
    title: `${fileName} has ${found} bytes, and its maker says ${expected}`,
    advice: 'It was not kept. Look for updates again; if it stays so, tell its maker.',
  }),
  'update.other-version': ({ fileName, offered, found }) => ({
    title: `${fileName} was offered as ${offered}, and says that it is ${found}`,
    advice: 'It is put on no board. Look for updates again; if it stays so, tell its maker.',
  }),
  'update.folder': ({ folder, reason }) => ({
    title: `The folder ${folder} cannot be used (${reason})`,
    advice: 'Check that it is there, that there is space, and that it is yours to use.',
  }),
  'update.not-kept': ({ fileName }) => ({
    title: `${fileName} was never fetched`,
    advice: 'Fetch it once with a network; then it is here.',
  }),
  'update.not-offered': ({ board, version, offered }) => ({
    title: `No source of ${board} offers ${version}`,
    advice:
      offered.length === 0 ? 'They offer nothing for this board.' : `What they offer: ${offered.join(', ')}.`,
  }),
  'update.which-board': ({ board, choices }) => ({
    title: `Which board this is (${board}) is not known, so nothing is looked for`,
    advice: [
      choices.length === 0
        ? 'Say which one it is with --board; "rekindle profiles" lists them.'
        : 'Say which one it is:',
      ...choices.map((one) => `  --board ${one.profile}  ${boardChoiceText(one)}`),
      'Or start its program, so that it can tell.',
    ].join('\n'),
  }),
  'update.undecided': (params) => undecided[params.why](params),
};

/** Why nothing is chosen for a board, and what decides it. */
const undecided: {
  readonly [why in UpdateErrorParams['update.undecided']['why']]: (
    params: UpdateErrorParams['update.undecided'],
  ) => { readonly title: string; readonly advice: string };
} = {
  'no-source': ({ board }) => ({
    title: `${board} has no source that a program could ask`,
    advice:
      'Fetch the file yourself, then "rekindle flash FILE". "rekindle sources add" adds a source of your own.',
  }),
  'variant-unknown': ({ board }) => ({
    title: `There is firmware for several kinds of ${board}, and this one has not said which it is`,
    advice: 'It is read in flash mode: "rekindle detach" or its switch brings it there. Then try again.',
  }),
  'order-unknown': ({ board, offered }) => ({
    title: `Whether anything is newer than what ${board} holds is not known, so nothing is chosen for it`,
    advice: `Say which one you want: --version ${offered.join(', --version ')}.`,
  }),
};
