import { studio } from './implement.ts';

export const rights = {
  status: studio.rights.status.handler(({ context: { parts } }) => parts.rights.status()),
  // Not ended with the call: a page that is reloaded while the password is typed changes nothing.
  install: studio.rights.install.handler(async ({ context: { parts } }) => {
    const result = await parts.rights.install();
    void parts.boards.refresh();
    return result;
  }),
  remove: studio.rights.remove.handler(async ({ context: { parts } }) => {
    const result = await parts.rights.remove();
    void parts.boards.refresh();
    return result;
  }),
};
