// What is run as root, whole: a fixed text with one word as its only argument. See README.md for why it is no file.
import { ruleFolder, ruleMark, ruleName, ruleText } from './rule.ts';

/** First line on standard output. After it, exit codes are the script's own; before it, pkexec's. */
export const scriptGreeting = 'rekindle-rights 1';

/** How the script ends. None of these is pkexec's (126, 127) or a shell's own. */
export const scriptExit = {
  done: 0,
  /** Written or removed, but udev did not take it up: boards must be plugged in again, or the system restarted. */
  notApplied: 10,
  /** Neither `install` nor `remove`. Nothing was done. */
  usage: 20,
  /** Something of that name is there which is not ours. Nothing was done. */
  notOurs: 22,
  cannotWrite: 23,
  noUdev: 24,
} as const;

/** What the script is fixed to. Tests put other places here; the program never does. */
export interface ScriptPlaces {
  readonly folder: string;
  readonly path: string;
}

const realPlaces: ScriptPlaces = {
  folder: ruleFolder,
  // The last is NixOS's; all belong to root.
  path: '/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin',
};

/**
 * Builds the script. Links are never followed: the new text is written beside the rule under a fresh name and takes
 * its place by one rename, so that a crash leaves the old rule or the new one. udevadm is told twice, because the
 * first events after a reload were seen to be handled by the old rules (about one guest boot in thirty).
 */
export function buildScript(places: ScriptPlaces = realPlaces): string {
  const { folder, path } = places;
  return `set -u
PATH=${path}; LC_ALL=C; export PATH LC_ALL
umask 022
cd / || exit ${scriptExit.cannotWrite}
folder=${folder}
file=$folder/${ruleName}
echo '${scriptGreeting}'
fail() { code=$1; shift; echo "$*" >&2; exit "$code"; }

[ $# -eq 1 ] || fail ${scriptExit.usage} 'takes one word: install or remove'
case $1 in install | remove) ;; *) fail ${scriptExit.usage} 'takes one word: install or remove' ;; esac
if [ -L "$file" ]; then fail ${scriptExit.notOurs} "$file is a link"; fi
if [ -e "$file" ]; then
  [ -f "$file" ] || fail ${scriptExit.notOurs} "$file is no ordinary file"
  grep -q ${ruleMark} "$file" || fail ${scriptExit.notOurs} "$file is not ours"
fi

if [ "$1" = install ]; then
  [ -d "\${folder%/*}" ] || fail ${scriptExit.noUdev} "there is no \${folder%/*}"
  mkdir -p "$folder" || fail ${scriptExit.cannotWrite} "cannot make $folder"
  new=$(mktemp "$folder/.rekindle.XXXXXX") || fail ${scriptExit.cannotWrite} "cannot write in $folder"
  trap 'rm -f "$new"' EXIT
  cat >"$new" <<'REKINDLE_RULE' || fail ${scriptExit.cannotWrite} "cannot write $new"
${ruleText.trimEnd()}
REKINDLE_RULE
  { chmod 0644 "$new" && sync "$new" && mv -f "$new" "$file"; } || fail ${scriptExit.cannotWrite} "cannot write $file"
else
  rm -f "$file" || fail ${scriptExit.cannotWrite} "cannot remove $file"
fi

trigger() {
  timeout 15 udevadm trigger --settle --subsystem-match=usb --property-match=DEVTYPE=usb_device ||
    { timeout 15 udevadm trigger --subsystem-match=usb && udevadm settle --timeout=10; }
}
{ timeout 10 udevadm control --reload && trigger && trigger; } || fail ${scriptExit.notApplied} 'udev did not take it up'
# Serial ports that are there already; the next time they come the rule counts anyway.
timeout 10 udevadm trigger --subsystem-match=tty --property-match=ID_BUS=usb || :
`;
}

/** The one text that is ever run as root. */
export const rightsScript: string = buildScript();
