// Pycom shields and expansion boards (devices.md 2): two generations share their ids, so the name on the board decides.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Profile } from '../../../shared/profile.ts';
import type { FirmwareImage } from '../../images/image.ts';
import { checksumFits } from './checksum.ts';
import type { AfterInput, Afterwards, Family, GateFinding, GateInput } from '../family.ts';

export const pycom: Family = {
  id: 'pycom',
  gate: (input) =>
    input.images.flatMap((image) => [
      ...wrongSize(image, input),
      ...wrongBoard(image, input),
      ...wrongChecksum(image),
    ]),
  afterwards,
};

/** All of a chip's words, two bytes each; the suffix is not part of it (devices.md 2.4). */
function wrongSize({ name, parts }: FirmwareImage, { profile, candidates }: GateInput): GateFinding[] {
  const expected = (profile ?? candidates[0])?.files?.bytes;
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  if (expected === undefined || bytes === expected) return [];
  return [
    {
      verdict: 'refuse',
      error: new FlashError('plan.wrong-size', { file: name, bytes, expected }),
    },
  ];
}

/** Said, and nobody is kept by it: a board that finds it wrong stays in flash mode, and takes another file (devices.md 2.3). */
function wrongChecksum({ name, parts: [only, ...others] }: FirmwareImage): GateFinding[] {
  if (only === undefined || others.length > 0 || checksumFits(only.bytes) !== false) return [];
  return [{ verdict: 'tell', warning: { code: 'checksum-differs', name } }];
}

/** The suffix fits both generations; only the name of the file tells them apart (devices.md 2.1). */
function wrongBoard(image: FirmwareImage, input: GateInput): GateFinding[] {
  const meant = input.candidates.filter((one) => isNamedFor(image.name, one));
  const { profile } = input;
  if (profile !== undefined && image.ids !== undefined && meant.includes(profile)) return [];
  const other = meant.find((one) => one !== profile);
  if (profile !== undefined && other !== undefined && !meant.includes(profile)) {
    return [
      {
        verdict: 'refuse',
        error: new FlashError('plan.wrong-board', {
          file: image.name,
          fileBoard: other.name,
          fileEvidence: 'its name',
          board: profile.name,
          boardEvidence: 'you said so',
        }),
      },
    ];
  }
  if (input.accept.has('unnamed-board')) return [];
  const board = profile === undefined ? input.candidates.map(({ name }) => name).join(' or ') : profile.name;
  const named = profile === undefined && other !== undefined ? { fileBoard: other.name } : {};
  const flag = '--accept unnamed-board';
  return [
    { verdict: 'ask', question: { id: 'file-names-no-board', flag, detail: image.name, board, ...named } },
  ];
}

function isNamedFor(file: string, profile: Profile): boolean {
  return (profile.files?.names ?? []).some((pattern) => {
    const [head = '', ...rest] = pattern.toLowerCase().split('*');
    let at = file.toLowerCase().startsWith(head) ? head.length : -1;
    for (const piece of rest) {
      if (at < 0) return false;
      const found = piece === '' ? file.length : file.toLowerCase().indexOf(piece, at);
      at = found < 0 ? -1 : found + piece.length;
    }
    return at >= 0;
  });
}

/** There is no request that makes it leave: it starts by itself, unless what is on it is not sound (devices.md 2.3, 2.7). */
function afterwards({ app }: AfterInput): Afterwards {
  return { steps: app === 'not-seen' ? [{ code: 'replug' }, { code: 'still-in-flash-mode' }] : [] };
}
