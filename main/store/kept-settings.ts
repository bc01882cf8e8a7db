// The settings in force: changed one at a time, so that two pages, or two quick clicks, never undo each other.
import type { Settings, SettingsChange } from '../../shared/contract/settings.ts';
import type { Snapshots } from '../base/snapshots.ts';
import { saveSettings } from './settings.ts';

export class KeptSettings {
  readonly snapshots: Snapshots<Settings>;
  readonly #file: string;
  #last: Promise<void> = Promise.resolve();

  constructor(file: string, snapshots: Snapshots<Settings>) {
    this.#file = file;
    this.snapshots = snapshots;
  }

  /** Durable when it resolves; what could not be saved is not in force. @throws FlashError `file.*` */
  async change(change: SettingsChange): Promise<void> {
    const saved = this.#last.then(async () => {
      const settings = { ...this.snapshots.value, ...change };
      await saveSettings(this.#file, settings);
      this.snapshots.set(settings, true);
    });
    // One that fails does not keep the next from being tried.
    this.#last = saved.catch(() => undefined);
    await saved;
  }
}
