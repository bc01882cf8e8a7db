// What udev's rules would make of the node of a device that is not there yet. Every value is a set: what cannot be told
// for sure leaves both possibilities standing.
import { ruleLines, type RuleLine, type Term } from './udev-line.ts';
import { allOf, truthOf, type ExpectedDevice, type Truth } from './udev-match.ts';

/** A rules file in force. */
export interface RuleFile {
  /** Its name alone, by which udev orders them. */
  readonly name: string;
  readonly text: string;
}

/** The node as it may be. Undefined: set to something that cannot be told. */
export interface NodeRights {
  readonly mode: ReadonlySet<number | undefined>;
  readonly group: ReadonlySet<string | undefined>;
  readonly owner: ReadonlySet<string | undefined>;
  /** Given to whoever sits at the screen. */
  readonly uaccess: ReadonlySet<boolean>;
  /** A line that might say anything was passed over. */
  readonly doubt: boolean;
}

interface Node {
  mode: Set<number | undefined>;
  group: Set<string | undefined>;
  owner: Set<string | undefined>;
  uaccess: Set<boolean>;
  doubt: boolean;
  /** Keys set by `:=`, which nothing changes afterwards. */
  final: Set<string>;
  properties: Map<string, Set<string | undefined>>;
  /** A program or a file may have set any property. */
  imported: boolean;
}

/** usb_id runs in it (dfu.md 7.1). */
const usbIdFile = '50-udev-default.rules';
/** uaccess is acted on in it: a tag that comes later does nothing. */
const seatFile = '73-seat-late.rules';
/** usb devices without a rule (50-udev-default.rules). */
const usualMode = 0o664;

/** Goes through all files in the order of their names. */
export function evaluateRules(files: readonly RuleFile[], device: ExpectedDevice): NodeRights {
  const node: Node = {
    mode: new Set([usualMode]),
    group: new Set(['root']),
    owner: new Set(['root']),
    uaccess: new Set([false]),
    doubt: false,
    final: new Set(),
    properties: new Map(),
    imported: false,
  };
  const inOrder = files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const file of inOrder) evaluateFile(file, device, node);
  return node;
}

function evaluateFile({ name, text }: RuleFile, device: ExpectedDevice, node: Node): void {
  const usbIdHasRun = name > usbIdFile;
  const beforeSeat = name < seatFile;
  const lines = ruleLines(text);
  const labels = labelsIn(lines);
  /** Labels that may have been jumped to: until they come, whether a line is read is not known. */
  const pending = new Set<string>();
  let jumpTo: string | undefined;
  for (const [index, line] of lines.entries()) {
    const label = line.terms?.find((term) => term.key === 'LABEL')?.value;
    if (label !== undefined) {
      pending.delete(label);
      if (label === jumpTo) jumpTo = undefined;
    }
    if (jumpTo !== undefined) continue;
    if (line.terms === undefined) {
      node.doubt ||= mayMatter(line);
      continue;
    }
    const truth = lineTruth(line.terms, device, node, usbIdHasRun);
    if (truth === 'no') continue;
    const read: Truth = pending.size > 0 && truth === 'yes' ? 'doubt' : truth;
    apply(line.terms, read, node, beforeSeat);
    const goal = line.terms.find((term) => term.key === 'GOTO')?.value;
    if (goal === undefined) continue;
    // A label that does not come: udev passes the line over, with a word in its log.
    if ((labels.get(goal) ?? -1) <= index) continue;
    if (read === 'yes') jumpTo = goal;
    else pending.add(goal);
  }
}

/** Where each label stands last. */
function labelsIn(lines: readonly RuleLine[]): ReadonlyMap<string, number> {
  return new Map(
    lines.flatMap((line, index) =>
      (line.terms ?? []).filter((term) => term.key === 'LABEL').map((term) => [term.value, index] as const),
    ),
  );
}

/** A line nobody can take apart, udev perhaps least of all. */
function mayMatter({ text }: RuleLine): boolean {
  return /MODE|GROUP|OWNER|TAG|GOTO|LABEL/.test(text);
}

const conditions: readonly string[] = ['==', '!='];

function lineTruth(terms: readonly Term[], device: ExpectedDevice, node: Node, usbIdHasRun: boolean): Truth {
  return allOf(
    terms.flatMap((term): Truth[] => {
      if (conditions.includes(term.operator)) return [truthOf(term, device, { ...node, usbIdHasRun })];
      // What these find decides whether the rest of the line counts.
      return term.key === 'PROGRAM' || term.key === 'IMPORT' ? ['doubt'] : [];
    }),
  );
}

function apply(terms: readonly Term[], truth: Truth, node: Node, beforeSeat: boolean): void {
  const sure = truth === 'yes';
  for (const { key, attribute, operator, value } of terms) {
    if (conditions.includes(operator)) continue;
    const known = /[$%]/.test(value) ? undefined : value;
    const fixed = node.final.has(key);
    switch (key) {
      case 'MODE':
        if (!fixed) put(node.mode, modeOf(known), sure);
        break;
      case 'GROUP':
        if (!fixed) put(node.group, known, sure);
        break;
      case 'OWNER':
        if (!fixed) put(node.owner, known, sure);
        break;
      case 'TAG':
        if (beforeSeat && !fixed) tag(node, operator, value, truth);
        break;
      case 'ENV':
        setProperty(node, attribute, known, sure);
        break;
      case 'IMPORT':
        node.imported ||= attribute !== 'builtin';
        break;
    }
    if (operator === ':=' && sure) node.final.add(key);
  }
}

function put<T>(values: Set<T>, value: T, sure: boolean): void {
  if (sure) values.clear();
  values.add(value);
}

function modeOf(value: string | undefined): number | undefined {
  return value !== undefined && /^[0-7]{3,4}$/.test(value) ? Number.parseInt(value, 8) : undefined;
}

function tag(node: Node, operator: Term['operator'], value: string, truth: Truth): void {
  if (operator === '=' || operator === ':=') {
    // Replaces all tags.
    put(node.uaccess, value === 'uaccess', truth === 'yes');
    return;
  }
  if (value !== 'uaccess') return;
  const gives = operator === '+=';
  // What the hardware database may add is not counted: at worst our own rule is installed without need.
  if (gives && truth === 'outside') return;
  put(node.uaccess, gives, truth === 'yes');
}

function setProperty(node: Node, name: string, value: string | undefined, sure: boolean): void {
  const values = node.properties.get(name) ?? new Set<string | undefined>(sure ? [] : ['']);
  // Set by what cannot be told: the value is one more thing from outside.
  put(values, sure ? value : undefined, sure);
  node.properties.set(name, values);
}
