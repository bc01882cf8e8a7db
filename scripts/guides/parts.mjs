// What the drawings are put together from. Units are those of a sheet of 360 by 200.

/** A finger from above, its tip at this place, and the ring around what it is on. */
export const finger = (x, y) => `<circle class="ring control" cx="${x}" cy="${y}" r="22"/>
<g class="hand"><path class="skin" d="M${x - 11} -60V${y - 6}a11 11 0 0 0 22 0V-60"/><path class="detail" d="M${x - 6} ${y - 4}a6 6 0 0 1 12 0"/></g>
<path class="arrow up" d="M${x + 26} ${y - 8}v-32m-8 9 8-9 8 9"/>`;

/** A push button. */
export const button = (x, y) =>
  `<rect class="metal" x="${x - 12}" y="${y - 12}" width="24" height="24" rx="3"/><circle class="cap" cx="${x}" cy="${y}" r="7"/>`;

/** A socket on a board's left edge, and the plug that goes into it. */
export const usb = (x, y) => `<rect class="metal" x="${x - 6}" y="${y - 14}" width="34" height="28" rx="2"/>
<g class="cable"><path class="line" d="M-70 ${y}H${x - 62}"/><rect class="skin" x="${x - 64}" y="${y - 15}" width="42" height="30" rx="5"/><rect class="metal" x="${x - 22}" y="${y - 9}" width="18" height="18"/></g>
<path class="arrow in" d="M${x - 66} ${y + 32}h42m-9-8 9 8-9 8"/><path class="arrow out" d="M${x - 24} ${y + 32}h-42m9-8-9 8 9 8"/>`;

/** A row of pins. */
export const pins = (x, y, count, step = 12) =>
  Array.from(
    { length: count },
    (_, at) => `<rect class="pin" x="${x + at * step}" y="${y}" width="5" height="5"/>`,
  ).join('');

/** A switch with two places, one above the other. */
export const lever = (
  x,
  y,
  above,
  below,
) => `<rect class="metal" x="${x - 11}" y="${y - 24}" width="22" height="48" rx="3"/>
<circle class="ring moving" cx="${x}" cy="${y}" r="34"/><rect class="skin lever" x="${x - 7}" y="${y + 1}" width="14" height="18" rx="2"/>
<text x="${x + 18}" y="${y - 9}">${above}</text><text class="soft" x="${x + 18}" y="${y + 17}">${below}</text>`;

/** Two pins and the bridge that goes over them. */
export const jumper = (x, y) => `<circle class="ring bridging" cx="${x}" cy="${y}" r="26"/>
<rect class="pin" x="${x - 12}" y="${y - 4}" width="8" height="8"/><rect class="pin" x="${x + 4}" y="${y - 4}" width="8" height="8"/>
<rect class="mark bridge" x="${x - 16}" y="${y - 8}" width="32" height="16" rx="4"/>`;

/** A sliding power switch; its ring says that it is meant. */
export const powerSwitch = (x, y) => `<circle class="ring power" cx="${x}" cy="${y}" r="26"/>
<rect class="metal" x="${x - 20}" y="${y - 8}" width="40" height="16" rx="3"/><rect class="skin slide" x="${x + 2}" y="${y - 6}" width="14" height="12" rx="2"/>`;

/** A terminal on a board's right edge, and the supply's lead that goes into it. */
export const terminal = (
  x,
  y,
) => `<circle class="ring power" cx="${x + 20}" cy="${y}" r="38"/><rect class="metal" x="${x}" y="${y - 26}" width="30" height="52" rx="3"/>
<g class="lead"><rect class="skin" x="${x + 22}" y="${y - 20}" width="22" height="40" rx="3"/><path class="line" d="M${x + 44} ${y - 10}h90M${x + 44} ${y + 10}h90"/></g>`;

export const label = (x, y, text, kind = '') =>
  `<text${kind === '' ? '' : ` class="${kind}"`} x="${x}" y="${y}">${text}</text>`;
export const board = (x, y, width, height, radius = 8) =>
  `<rect class="board" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;
export const hole = (x, y) => `<circle class="detail" cx="${x}" cy="${y}" r="5"/>`;
