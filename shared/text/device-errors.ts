// Words for what is wrong with finding a board.
import { boardChoiceText } from './board-names.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { notReturnedOnWindows } from './error-reasons.ts';
import type { ErrorTexts } from './errors.ts';

type DeviceErrorCode = Extract<ErrorCode, `device.${string}`>;

/** A part of the table in `errors.ts`. */
export const deviceErrorTexts: Pick<ErrorTexts, DeviceErrorCode> = {
  'device.none': ({ looked, waitedMs }) => ({
    title: looked === '' ? 'No board in flash mode was found' : `No board in flash mode fits ${looked}`,
    advice:
      (waitedMs > 0 ? `Waited ${Math.round(waitedMs / 1000)} s. ` : '') +
      'Most likely first: the board is not in flash mode (its button or switch); the cable only charges; it is plugged into a hub that is off. ' +
      '"rekindle devices" shows what is seen, and --wait 30 waits for you to plug it in.',
  }),
  'device.several': ({ found }) => ({
    title: 'Several boards fit; nothing was done, to be safe',
    advice: `Say which with --device and its port:\n${found.map((one) => `  ${one}`).join('\n')}`,
  }),
  'device.not-that-board': ({ portPath, said, found }) => ({
    title: `The board at port ${portPath} is no ${said}: it shows ${found}`,
    advice: 'Look again at what is printed on it; "rekindle info" shows what it may be.',
  }),
  'device.which-board': ({ portPath, choices }) => ({
    title: `Several boards look the same on USB as the one at port ${portPath}, and each takes its own firmware`,
    advice: `Read the name printed on it, and say which it is:\n${choices.map((one) => `  --board ${one.profile}  ${boardChoiceText(one)}`).join('\n')}`,
  }),
  'device.elsewhere': ({ portPath, found }) => ({
    title: `The board left port ${portPath}, and what came to another port may be it or another of its kind`,
    advice: `Its program is still on it. Say which one is meant with --device and its port:\n${found.map((one) => `  ${one}`).join('\n')}`,
  }),
  'device.locked': ({ portPath, pid, shell }) => ({
    title: `Another Rekindle (${shell}, process ${pid}) is using the board at port ${portPath}`,
    advice: 'Let it finish, or stop it, and try again.',
  }),
  'device.not-returned': ({ portPath, waitedMs }, platform) => ({
    title: `The board left port ${portPath} for flash mode and did not come back within ${Math.round(waitedMs / 1000)} s`,
    advice:
      platform === 'win32'
        ? `Its program is still on it. ${notReturnedOnWindows}`
        : 'Its program is still on it. Plug it in again; if it has a button for flash mode, use that.',
  }),
  'device.still-runtime': ({ portPath }) => ({
    title: `The board at port ${portPath} came back running its program`,
    advice:
      'Its bootloader did not start. Unplug it, plug it in again, and put it into flash mode with its button.',
  }),
  'device.not-dfu': ({ portPath }) => ({
    title: `The device at port ${portPath} has no flash mode that Rekindle can use`,
    advice: '"rekindle devices --all" shows what it is.',
  }),
  'device.app-mode': ({ portPath }) => ({
    title: `The board at port ${portPath} is running its program`,
    advice: 'Put it into flash mode (its button, switch or menu; or "rekindle detach"), and try again.',
  }),
  'device.unsupported': ({ board, today }) => ({
    title: `Rekindle knows ${board} by name only, and does not touch it`,
    advice: `${today}${today === '' ? '' : ' '}If you know better, and will bear what comes of it: --allow unsupported-board`,
  }),
  'device.unsafe-entry': ({ board }) => ({
    title: `${board} is not known to be version 3.5 or newer, and older ones are damaged by flash mode`,
    advice:
      'In flash mode older boards switch on both transistors of the brake resistor, which destroys them. Use an ST-Link for these.',
  }),
};
