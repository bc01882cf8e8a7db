// The whole contract, implemented; a method left out does not compile.
import { app } from './app.ts';
import { backups } from './backups.ts';
import { boards } from './boards.ts';
import { history } from './history.ts';
import { images } from './images.ts';
import { studio } from './implement.ts';
import { jobs } from './jobs.ts';
import { logs } from './logs.ts';
import { profiles } from './profiles.ts';
import { releases } from './releases.ts';
import { rights } from './rights.ts';
import { settings } from './settings.ts';
import { updates } from './updates.ts';

export const studioRouter = studio.router({
  app,
  backups,
  boards,
  history,
  images,
  jobs,
  logs,
  profiles,
  releases,
  rights,
  settings,
  updates,
});
