// What all drawings share: colours for paper and for graphite, and how a state moves their parts.
// A state is a fragment of the address (`pytrack.svg#plugging-held`): supply, hand, and `-still` for those who asked for
// less motion. The page says the latter, because an image does not see that wish of its reader.

/** Where the power comes from, and what is happening to it. */
export const cableSupplies = ['in', 'out', 'plugging', 'unplugging'];
export const switchSupplies = ['in', 'off', 'switching-on', 'switching-off'];

/** What the hand does. */
export const buttonHands = ['free', 'press', 'held', 'let-go'];
export const jumperHands = ['free', 'closed', 'close', 'open'];
export const switchHands = ['free', 'set', 'reset', 'moved'];

const light = `--line:#1a1b1d;--soft:#63666a;--faint:#a3a49e;--board:#f8f8f6;--metal:#e5e5e1;--screen:#d6d6d0;--glow:#e86f20;--wash:#fbe9df;--skin:#ffffff`;
const dark = `--line:#ecebe7;--soft:#969ca1;--faint:#5d646b;--board:#22262a;--metal:#32373c;--screen:#0d0f10;--glow:#ec7527;--wash:#3a2418;--skin:#1a1d20`;

/** Selects a part while the state is on. */
const when = (match, part) => `[id${match}]:target~.scene ${part}`;
const supply = (name, part) => when(`^="${name}-"`, part);
const hand = (name, part) => `${when(`$="-${name}"`, part)},${when(`$="-${name}-still"`, part)}`;

export const style = `svg{${light}}
@media (prefers-color-scheme:dark){svg{${dark}}}
.scene *{vector-effect:non-scaling-stroke}
.line{fill:none;stroke:var(--line);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.board{fill:var(--board);stroke:var(--line);stroke-width:2}
.metal{fill:var(--metal);stroke:var(--line);stroke-width:2;stroke-linejoin:round}
.detail{fill:none;stroke:var(--faint);stroke-width:1.5}
.pin{fill:var(--faint)}
.screen{fill:var(--screen);stroke:var(--line);stroke-width:2}
.skin{fill:var(--skin);stroke:var(--line);stroke-width:2;stroke-linejoin:round}
.mark{fill:var(--glow)}
.ring{fill:none;stroke:var(--glow);stroke-width:3}
.arrow{fill:none;stroke:var(--glow);stroke-width:4;stroke-linecap:round;stroke-linejoin:round}
text{fill:var(--line);font:600 13px system-ui,sans-serif}
.soft{fill:var(--soft);font-weight:400}
.hand,.ring,.arrow,.menu{opacity:0}
.cap{fill:var(--metal);stroke:var(--line);stroke-width:2}
${supply('out', '.cable')}{transform:translateX(-64px)}
${supply('plugging', '.cable')}{animation:plug 1.8s ease-in-out infinite}
${supply('unplugging', '.cable')}{animation:pull 1.8s ease-in-out infinite}
${supply('plugging', '.arrow.in')},${supply('unplugging', '.arrow.out')}{opacity:1}
${supply('off', '.when-on')}{opacity:0}
${supply('switching-on', '.slide')}{animation:slide-on 1.8s ease-in-out infinite}
${supply('switching-off', '.slide')}{animation:slide-off 1.8s ease-in-out infinite}
${supply('switching-on', '.ring.power')},${supply('switching-off', '.ring.power')}{opacity:1}
${supply('off', '.slide')}{transform:translateX(-16px)}
${supply('off', '.lead')}{transform:translateX(40px)}
${supply('switching-on', '.lead')}{animation:lead-in 1.8s ease-in-out infinite}
${supply('switching-off', '.lead')}{animation:lead-out 1.8s ease-in-out infinite}
${hand('held', '.hand')},${hand('press', '.hand')},${hand('let-go', '.hand')}{opacity:1}
${hand('held', '.cap')},${hand('press', '.cap')}{fill:var(--glow)}
${hand('held', '.ring.control')}{opacity:1;animation:pulse 1.2s ease-out infinite}
${hand('press', '.hand')}{animation:press 1.8s ease-in-out infinite}
${hand('let-go', '.hand')}{animation:lift 1.2s ease-out infinite}
${hand('let-go', '.arrow.up')}{opacity:1}
${hand('set', '.lever')}{animation:set 1.8s ease-in-out infinite}
${hand('reset', '.lever')}{animation:reset 1.8s ease-in-out infinite}
${hand('moved', '.lever')}{transform:translateY(-20px)}
${hand('set', '.ring.moving')},${hand('reset', '.ring.moving')}{opacity:1}
.bridge{opacity:0}
${hand('closed', '.bridge')},${hand('close', '.bridge')},${hand('open', '.bridge')}{opacity:1}
${hand('close', '.bridge')}{animation:drop 1.8s ease-in-out infinite}
${hand('open', '.bridge')}{animation:raise 1.8s ease-in-out infinite}
${hand('close', '.ring.bridging')},${hand('open', '.ring.bridging')}{opacity:1}
${hand('menu', '.menu')}{opacity:1}
${when('$="-still"', '*')}{animation:none!important}
[id^="plugging-"][id$="-still"]:target~.scene .cable{transform:translateX(-30px)}
[id^="unplugging-"][id$="-still"]:target~.scene .cable{transform:translateX(-40px)}
[id^="switching-"][id$="-still"]:target~.scene .lead{transform:translateX(22px)}
[id$="-let-go-still"]:target~.scene .hand{transform:translateY(-26px)}
[id$="-set-still"]:target~.scene .lever{transform:translateY(-20px)}
@keyframes plug{0%,15%{transform:translateX(-64px)}55%,100%{transform:none}}
@keyframes pull{0%,20%{transform:none}60%,100%{transform:translateX(-64px)}}
@keyframes press{0%,20%{transform:translateY(-26px)}45%,60%{transform:none}85%,100%{transform:translateY(-26px)}}
@keyframes lift{0%{transform:none}60%,100%{transform:translateY(-34px)}}
@keyframes pulse{from{opacity:1}to{opacity:.15}}
@keyframes set{0%,20%{transform:none}55%,100%{transform:translateY(-20px)}}
@keyframes reset{0%,20%{transform:translateY(-20px)}55%,100%{transform:none}}
@keyframes drop{0%,15%{transform:translateY(-34px)}55%,100%{transform:none}}
@keyframes raise{0%,20%{transform:none}60%,100%{transform:translateY(-34px)}}
@keyframes lead-in{0%,20%{transform:translateX(40px)}55%,100%{transform:none}}
@keyframes lead-out{0%,20%{transform:none}55%,100%{transform:translateX(40px)}}
@keyframes slide-on{0%,20%{transform:translateX(-16px)}55%,100%{transform:none}}
@keyframes slide-off{0%,20%{transform:none}55%,100%{transform:translateX(-16px)}}
@media (prefers-reduced-motion:reduce){.scene *{animation:none!important}}`;
