// Buttons, switches and jumpers of one board: where they stand, and what a hand does to them.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { BenchAction, BenchControl } from '../../shared/bench-action.ts';

/** What is done to a board itself; its cable is the port's business. */
export type BoardAction = Exclude<BenchAction, { act: 'plug' | 'unplug' }>;

/** A control of a board, and other names it goes by: what is printed beside it, what guides call it. */
export type ControlModel = BenchControl & { readonly also?: readonly string[] };

/** How a board's controls stand. They keep their places while the board has no power. */
export class Controls {
  #models: readonly ControlModel[];

  constructor(models: readonly ControlModel[]) {
    this.#models = models;
  }

  get list(): readonly BenchControl[] {
    return this.#models.map(({ also: _, ...control }) => control);
  }

  isHeld(name: string): boolean {
    return this.#models.some((one) => one.kind === 'button' && one.name === name && one.held);
  }

  isClosed(name: string): boolean {
    return this.#models.some((one) => one.kind === 'jumper' && one.name === name && one.closed);
  }

  positionOf(name: string): string | undefined {
    const found = this.#models.find((one) => one.kind === 'switch' && one.name === name);
    return found?.kind === 'switch' ? found.at : undefined;
  }

  /** True where the board has no power switch. */
  get powerOn(): boolean {
    return !this.#models.some((one) => one.kind === 'power' && !one.on);
  }

  /** @throws FlashError `api.unknown` for a control, a position or a menu that the board does not have */
  act(action: BoardAction): void {
    switch (action.act) {
      case 'hold':
        this.#change('button', action.control, (one) => ({ ...one, held: true }));
        return;
      case 'let-go':
      case 'press':
        this.#change('button', action.control, (one) => ({ ...one, held: false }));
        return;
      case 'switch':
        this.#change('switch', action.control, (one) => {
          const at = one.positions.find((position) => isSame(position, action.to));
          if (at === undefined) throw unknown();
          return { ...one, at };
        });
        return;
      case 'close-jumper':
      case 'open-jumper':
        this.#change('jumper', action.control, (one) => ({ ...one, closed: action.act === 'close-jumper' }));
        return;
      case 'switch-on':
      case 'switch-off':
        this.#change('power', undefined, (one) => ({ ...one, on: action.act === 'switch-on' }));
        return;
      case 'choose':
        if (this.pathOf(action.path) === undefined) throw unknown();
    }
  }

  /** The board's own spelling of a path through its menus. */
  pathOf(path: readonly string[]): readonly string[] | undefined {
    const menus = this.#models.flatMap((one) => (one.kind === 'menu' ? one.paths : []));
    return menus.find(
      (menu) => menu.length === path.length && menu.every((item, at) => isSame(item, path[at] ?? '')),
    );
  }

  #change<K extends ControlModel['kind']>(
    kind: K,
    name: string | undefined,
    change: (control: Extract<ControlModel, { kind: K }>) => ControlModel,
  ): void {
    const found = this.#models.find(
      (one): one is Extract<ControlModel, { kind: K }> =>
        one.kind === kind && (name === undefined || namesOf(one).some((own) => isSame(own, name))),
    );
    if (found === undefined) throw unknown();
    const changed = change(found);
    this.#models = this.#models.map((one) => (one === found ? changed : one));
  }
}

function namesOf(control: ControlModel): readonly string[] {
  return [...('name' in control ? [control.name] : []), ...(control.also ?? [])];
}

/** People write "Boot0" and "BOOT 0". */
function isSame(a: string, b: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain(a) === plain(b);
}

function unknown(): FlashError<'api.unknown'> {
  return new FlashError('api.unknown', { what: 'control of the virtual board' });
}
