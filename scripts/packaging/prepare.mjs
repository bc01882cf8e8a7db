// What electron-builder.yml expects in dist/packaging: licences, icons, and the install scripts of the Debian package.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeIcons } from './icons.mjs';
import { writeLicenceFiles } from './licences.mjs';

const templates = 'node_modules/app-builder-lib/templates/linux';

const reloadRules = `
# The rule that lets people open boards: known to udev from now on.
if hash udevadm 2>/dev/null; then
    udevadm control --reload || true
fi
`;
const applyRules = `
# Boards that are plugged in already need not be plugged in again.
if hash udevadm 2>/dev/null; then
    udevadm trigger --action=change --subsystem-match=usb || true
fi
`;

mkdirSync('dist/packaging', { recursive: true });
writeLicenceFiles('dist/packaging/licences');
writeIcons('dist/packaging');
const template = (name) => readFileSync(`${templates}/${name}.tpl`, 'utf8');
// electron-builder's own scripts, and udev's part.
writeFileSync('dist/packaging/after-install.tpl', template('after-install') + reloadRules + applyRules);
writeFileSync('dist/packaging/after-remove.tpl', `${template('after-remove')}\n${reloadRules}`);
