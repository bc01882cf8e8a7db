// Everything the page may ask of the core: one tree, the same over MessagePort and WebSocket.
import { app } from './app.ts';
import { backups } from './backups.ts';
import { boards } from './boards.ts';
import { history } from './history.ts';
import { images } from './images.ts';
import { jobs } from './jobs.ts';
import { logs } from './logs.ts';
import { profiles } from './profiles.ts';
import { releases } from './releases.ts';
import { rights } from './rights.ts';
import { settings } from './settings.ts';
import { updates } from './updates.ts';

export const studioContract = {
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
};
export type StudioContract = typeof studioContract;
