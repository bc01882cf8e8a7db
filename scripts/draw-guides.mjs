// Draws the boards of the coach into assets/guides, one file each, from the parts they share.
// Schematic throughout: what is beside what is drawn only where a fact file states it (devices.md 2.3, 3.3, 5.3).
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  board,
  button,
  finger,
  hole,
  jumper,
  label,
  lever,
  pins,
  powerSwitch,
  terminal,
  usb,
} from './guides/parts.mjs';
import {
  buttonHands,
  cableSupplies,
  jumperHands,
  style,
  switchHands,
  switchSupplies,
} from './guides/style.mjs';

/** "MCLR"/S1 next to the USB socket: devices.md 2.3. */
const shield = {
  supplies: cableSupplies,
  hands: buttonHands,
  scene: `${board(112, 40, 216, 136)}${hole(126, 54)}${hole(314, 54)}${hole(126, 162)}${hole(314, 162)}
${pins(196, 60, 9)}${pins(196, 152, 9)}<rect class="detail" x="190" y="78" width="116" height="60" rx="4"/>
${usb(112, 124)}${button(152, 84)}${label(128, 110, 'MCLR')}${finger(152, 84)}`,
};
/** S1, its place not stated. */
const expansion = {
  supplies: cableSupplies,
  hands: buttonHands,
  scene: `${board(104, 34, 232, 146)}${hole(118, 48)}${hole(322, 48)}${hole(118, 166)}${hole(322, 166)}
${pins(146, 60, 12)}${pins(146, 152, 12)}<rect class="detail" x="216" y="80" width="88" height="56" rx="4"/>
${usb(104, 108)}${button(176, 108)}${finger(176, 108)}${label(168, 140, 'S1')}`,
};
const pygate = {
  supplies: cableSupplies,
  hands: buttonHands,
  scene: `${board(112, 30, 210, 150)}${hole(126, 44)}${hole(308, 44)}${hole(126, 166)}${hole(308, 166)}
${pins(204, 56, 8)}${pins(204, 154, 8)}<rect class="detail" x="212" y="78" width="84" height="58" rx="4"/>
<path class="line" d="M322 88h18m0-8v16"/>${usb(112, 106)}${button(172, 106)}${finger(172, 106)}`,
};

/** A handheld with a screen: the menu on it, the jog switch and the power switch at its edge, BOOT0 as pads. */
function nanovna(width, height, name) {
  const [x, y] = [(360 - width) / 2, 40 + (146 - height) / 2];
  const right = x + width;
  return {
    supplies: switchSupplies,
    hands: [...buttonHands, 'menu', ...jumperHands],
    scene: `${board(x, y, width, height, 12)}<rect class="screen" x="${x + 14}" y="${y + 14}" width="${width - 28}" height="${height - 46}" rx="3"/>
<path class="detail when-on" d="M${x + 26} ${y + height - 56}q22-44 44-16t40-18 34 10"/>
<g class="menu"><rect class="mark" x="${right - 66}" y="${y + 22}" width="46" height="16" rx="2"/><path class="detail" d="M${right - 66} ${y + 46}h46M${right - 66} ${y + 58}h46"/></g>
${label(x + 16, y + height - 12, name, 'soft')}
<rect class="metal" x="${right - 60}" y="${y - 10}" width="34" height="12" rx="3"/><circle class="cap" cx="${right - 43}" cy="${y - 6}" r="6"/>
${powerSwitch(x + 52, y - 2)}${jumper(right - 40, y + height - 16)}${finger(right - 43, y - 8)}`,
  };
}

/** DFU / RUN switch, power of its own beside USB: devices.md 3.3. */
const odrive = {
  supplies: switchSupplies,
  hands: switchHands,
  scene: `${board(96, 36, 216, 140)}${hole(110, 50)}${hole(298, 50)}${hole(110, 162)}${hole(298, 162)}
<path class="line" d="M-10 128H72"/><rect class="skin" x="40" y="113" width="40" height="30" rx="5"/><rect class="metal" x="90" y="114" width="34" height="28" rx="2"/><rect class="metal" x="78" y="119" width="16" height="18"/>
${label(132, 133, 'USB', 'soft')}${lever(200, 92, 'DFU', 'RUN')}
${terminal(274, 106)}${label(250, 66, 'DC power', 'soft')}`,
};
const anyButton = {
  supplies: [...cableSupplies, 'off', 'switching-on', 'switching-off'],
  hands: buttonHands,
  scene: `${board(120, 44, 200, 132)}${hole(134, 58)}${hole(306, 58)}${hole(134, 162)}${hole(306, 162)}
<rect class="detail" x="232" y="84" width="52" height="52" rx="4"/>${pins(196, 156, 8)}${usb(120, 110)}${button(190, 108)}${finger(190, 108)}`,
};
const anyJumper = {
  supplies: [...cableSupplies, 'off', 'switching-on', 'switching-off'],
  hands: jumperHands,
  scene: `${board(120, 44, 200, 132)}${hole(134, 58)}${hole(306, 58)}${hole(134, 162)}${hole(306, 162)}
<rect class="detail" x="240" y="92" width="52" height="52" rx="4"/>${pins(196, 156, 8)}${usb(120, 110)}${jumper(200, 92)}`,
};

const drawings = {
  'pycom-shield': shield,
  'pycom-expansion': expansion,
  'pycom-pygate': pygate,
  'nanovna-h': nanovna(190, 118, 'NanoVNA-H'),
  'nanovna-h4': nanovna(226, 138, 'NanoVNA-H4'),
  'odrive-v3': odrive,
  'any-button': anyButton,
  'any-jumper': anyJumper,
};

/** Every drawing by its file's name, as SVG. */
export function drawGuides() {
  return Object.fromEntries(
    Object.entries(drawings).map(([name, { supplies, hands, scene }]) => {
      const states = supplies.flatMap((supply) => hands.map((hand) => `${supply}-${hand}`));
      const ids = states.flatMap((state) => [`<g id="${state}"/>`, `<g id="${state}-still"/>`]).join('');
      return [
        `${name}.svg`,
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200" width="360" height="200">\n<style>${style}</style>\n${ids}\n<g class="scene">${scene}</g>\n</svg>\n`,
      ];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL('../assets/guides/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(drawGuides())) writeFileSync(`${folder}${name}`, svg);
}
