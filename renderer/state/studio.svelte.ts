// What the core says, kept as it says it: whole snapshots in, wishes out.
import type { BatchSnapshot } from '../../shared/batch.ts';
import type { BoardUpdates } from '../../shared/board-updates.ts';
import type { AppUpdateSnapshot } from '../../shared/app-update.ts';
import type { AppReport } from '../../shared/contract/app.ts';
import type { BoardsSnapshot } from '../../shared/contract/boards.ts';
import type { ProfilesReport } from '../../shared/contract/profiles.ts';
import type { Settings } from '../../shared/contract/settings.ts';
import type { QueueSnapshot } from '../../shared/job-state.ts';
import { limits } from '../../shared/limits.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { connect, type StudioClient } from '../client/connect.ts';
import { NoChannelError, openChannel, type NoChannel } from '../client/open-channel.ts';
import { watchWork } from '../client/watch-jobs.ts';

/** The connection: `lost` tries again by itself. */
export type Connection = 'opening' | 'open' | 'lost' | NoChannel;

const retryMs = 1_000;
/** A server that refuses us hardly thinks better of it: every try is a line in its log. */
const refusedRetryMs = 10_000;

/** The core as this page knows it. One for the whole page. */
export class StudioState {
  connection = $state<Connection>('opening');
  boards = $state.raw<BoardsSnapshot>({
    boards: [],
    problem: undefined,
    virtualBoards: [],
    looked: false,
  });
  jobs = $state.raw<readonly JobSnapshot[]>([]);
  queue = $state.raw<QueueSnapshot>({
    runningAtOnce: limits.usualRunningJobs,
    lowered: undefined,
    order: [],
    asleep: false,
  });
  /** Newest first. */
  batches = $state.raw<readonly BatchSnapshot[]>([]);
  settings = $state.raw<Settings>({
    theme: 'system',
    backup: 'always',
    language: 'en',
    welcomed: true,
    sound: false,
    lookDaily: false,
    releaseLooks: 'when-asked',
    prune: 'never',
    pruneKeep: 10,
    pruneDays: 365,
    runningAtOnce: limits.usualRunningJobs,
  });
  /** What was found for the boards that are there. */
  updates = $state.raw<readonly BoardUpdates[]>([]);
  /** A newer release of Rekindle itself; undefined until the core said how that stands. */
  appUpdate = $state.raw<AppUpdateSnapshot>();
  app = $state.raw<AppReport>();
  /** Boards the core knows, by profile; undefined until it said so. */
  known = $state.raw<ProfilesReport>();
  /** Rises with every new connection: files the core held open for the last one are gone. */
  generation = $state(0);
  #client: StudioClient | undefined;

  /** The methods of the core. @throws Error while there is no connection */
  get client(): StudioClient {
    if (this.#client === undefined) throw new Error('There is no connection');
    return this.#client;
  }

  /** Connects, and again whenever the connection is lost. Never returns. */
  async run(): Promise<never> {
    for (;;) {
      try {
        await this.#session();
        this.connection = 'lost';
      } catch (error) {
        this.connection = error instanceof NoChannelError ? error.why : 'lost';
      }
      this.#client = undefined;
      const pauseMs = this.connection === 'refused' ? refusedRetryMs : retryMs;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** One connection, to its end. */
  async #session(): Promise<void> {
    const channel = await openChannel();
    const closed = new Promise<void>((resolve) => channel.onClose(resolve));
    const client = connect(channel);
    [this.app, this.known] = await Promise.all([client.app.report({}), client.profiles.list({})]);
    this.#client = client;
    this.generation++;
    const watches = [
      follow(client.boards.watch({}), (boards) => (this.boards = boards)),
      follow(watchWork(client), ({ jobs, queue }) => {
        this.jobs = jobs;
        if (queue !== undefined) this.queue = queue;
      }),
      follow(client.updates.watch({}), (updates) => (this.updates = updates)),
      follow(client.releases.watch({}), (update) => (this.appUpdate = update)),
      follow(client.jobs.watchBatches({}), (batches) => (this.batches = batches)),
      follow(client.settings.watch({}), (settings) => {
        this.settings = settings;
        // The page shows itself once it knows what to show.
        this.connection = 'open';
      }),
    ];
    await Promise.race([closed, ...watches]);
    channel.close();
  }
}

async function follow<T>(
  watch: AsyncIterable<T> | Promise<AsyncIterable<T>>,
  take: (value: T) => void,
): Promise<void> {
  try {
    for await (const value of await watch) take(value);
  } catch {
    // The end of a watch is the end of the connection: the session ends with it, and is begun anew.
  }
}
