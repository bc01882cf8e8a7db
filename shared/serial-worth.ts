// Which serial numbers tell one board from another (devices.md 5.2, 7 rule 1).

/** Shorter ones are versions or dummies: a ChibiOS program says `400`. */
const leastLength = 8;
/** `FFFFFFFEFFFF`, which every STM32F072's ROM says, has two different characters. */
const leastDifferent = 4;
/** Numbers that were counted up at a keyboard. */
const counted = '0123456789abcdef0123456789';

/** Whether a serial number could be one board's own. Two boards that show it at once still prove that it is not. */
export function isTelling(serial: string): boolean {
  const text = serial.trim().toLowerCase();
  return text.length >= leastLength && new Set(text).size >= leastDifferent && !counted.includes(text);
}
