const kibi = 1024;

/** `94.1 KB`, `128 KB`, `1 MB`: bytes for people, in units of 1024 as data sheets count flash. */
export function formatBytes(bytes: number): string {
  if (bytes < kibi) return `${bytes} B`;
  const [value, unit] = bytes < kibi * kibi ? [bytes / kibi, 'KB'] : [bytes / (kibi * kibi), 'MB'];
  return `${Number.isInteger(value) ? value : value.toFixed(value < 100 ? 1 : 0)} ${unit}`;
}

/** `0.4 s`, `12 s`, `3 min 5 s`: a duration in milliseconds for people. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

/** `35 KB/s`; empty where no time has passed yet. */
export function formatRate(bytes: number, milliseconds: number): string {
  return milliseconds <= 0 ? '' : `${formatBytes(Math.round((bytes * 1000) / milliseconds))}/s`;
}
