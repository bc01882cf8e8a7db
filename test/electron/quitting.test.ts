import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Leave } from '../../main/electron/quit-guard.ts';
import { cancelable, type StandInElectron, type StandInStudio } from './stand-in.ts';
import { settled, WindowRig } from './window-rig.ts';

const nanovna = { boardName: 'NanoVNA-H', ifQuitNow: 'no firmware until it is written again' };
let rig: WindowRig;
let electron: StandInElectron;
let studio: StandInStudio;
let lines: string[];

beforeEach(() => {
  rig = new WindowRig();
  ({ electron, studio, lines } = rig);
});
afterEach(() => rig[Symbol.dispose]());

const start: WindowRig['start'] = (more) => rig.start(more);

describe('quitting', () => {
  it('with nothing running closes the studio and ends', async () => {
    await start();
    electron.app.quit();
    await expect.poll(() => electron.ended).toBe(true);
    expect(studio.closed).toBe(1);
    expect(electron.dialog.showMessageBox).not.toHaveBeenCalled();
  });

  it('for something that is done at the very end: the studio is closed first, and the program ends whatever comes of it', async () => {
    const order: string[] = [];
    studio.closing = async () => void order.push('closed');
    let leave: Leave | undefined;
    await start({
      openStudio(given) {
        leave = given;
        return Promise.resolve(studio);
      },
    });
    const failing = leave?.(() => {
      order.push('done');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(order).toEqual(['closed', 'done']);
    expect(electron.ended).toBe(true);
    expect(electron.dialog.showMessageBox).not.toHaveBeenCalled();
  });

  it('asks while a job runs, names board and consequence, and stays by default', async () => {
    await start();
    studio.setJobs([nanovna]);
    electron.dialog.showMessageBox.mockResolvedValue({ response: 0 });
    expect(electron.window.close()).toBe(false);
    await settled();
    expect(electron.dialog.showMessageBox.mock.calls[0]?.[1]).toMatchObject({
      message: 'A job on NanoVNA-H is still running. Quit?',
      detail: 'If you quit now:\nNanoVNA-H: no firmware until it is written again',
      buttons: ['Keep running', 'Stop and quit'],
      defaultId: 0,
      cancelId: 0,
    });
    expect(studio.closed).toBe(0);
    expect(electron.window.destroyed).toBe(false);
    expect(electron.window.close()).toBe(false);
    await settled();
    expect(electron.dialog.showMessageBox).toHaveBeenCalledTimes(2);
  });

  it('asks once, however often it is pressed, and stops the jobs before it ends', async () => {
    await start();
    studio.setJobs([nanovna, { boardName: 'ODrive', ifQuitNow: 'unchanged' }]);
    let answer: (given: { response: number }) => void = () => undefined;
    electron.dialog.showMessageBox.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    let stopped: () => void = () => undefined;
    studio.closing = () => new Promise((resolve) => (stopped = resolve));
    electron.app.quit();
    electron.app.quit();
    await settled();
    expect(electron.dialog.showMessageBox).toHaveBeenCalledTimes(1);
    expect(electron.dialog.showMessageBox.mock.calls[0]?.[1]).toMatchObject({
      message: '2 jobs are still running. Quit?',
    });
    answer({ response: 1 });
    await settled();
    expect(studio.closed).toBe(1);
    expect(electron.window.destroyed).toBe(false);
    expect(electron.ended).toBe(false);
    stopped();
    await expect.poll(() => electron.ended).toBe(true);
    expect(studio.closed).toBe(1);
  });

  it('goes on by itself when the job ends while the question stands', async () => {
    await start();
    studio.setJobs([nanovna]);
    electron.dialog.showMessageBox.mockImplementation(
      (_window, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ response: 0 }));
        }),
    );
    electron.app.quit();
    await settled();
    studio.setJobs([]);
    await expect.poll(() => electron.ended).toBe(true);
  });

  it('ends although the studio does not close well', async () => {
    await start();
    studio.closing = () => Promise.reject(new Error('stuck'));
    electron.app.quit();
    await expect.poll(() => electron.ended).toBe(true);
    expect(lines.join('\n')).toContain('stuck');
  });

  it('holds up the end of a Windows session while a job runs, and only then', async () => {
    await start();
    const idle = cancelable({});
    electron.window.emit('query-session-end', idle);
    expect(idle.prevented).toBe(false);
    studio.setJobs([nanovna]);
    const busy = cancelable({});
    electron.window.emit('query-session-end', busy);
    expect(busy.prevented).toBe(true);
  });

  it('stops what runs when a Windows session ends all the same', async () => {
    await start();
    studio.setJobs([nanovna]);
    electron.window.emit('session-end', {});
    await expect.poll(() => electron.ended).toBe(true);
    expect(studio.closed).toBe(1);
    expect(electron.dialog.showMessageBox).not.toHaveBeenCalled();
  });

  it('uses the delay of a shutdown to stop, without a question', async () => {
    await start();
    studio.setJobs([nanovna]);
    const event = cancelable({});
    electron.powerMonitor.emit('shutdown', event);
    expect(event.prevented).toBe(true);
    await expect.poll(() => electron.ended).toBe(true);
    expect(studio.closed).toBe(1);
    expect(electron.dialog.showMessageBox).not.toHaveBeenCalled();
  });
});

describe('while a job runs', () => {
  it('it is told when the computer is about to sleep, and when it is awake', async () => {
    await start();
    electron.powerMonitor.emit('suspend');
    expect(studio.slept).toEqual([true]);
    electron.powerMonitor.emit('resume');
    expect(studio.slept).toEqual([true, false]);
  });

  it('the computer stays awake, and taskbar or dock show it', async () => {
    await start();
    expect(electron.blockers.size).toBe(0);
    studio.setJobs([nanovna]);
    studio.setJobs([nanovna, nanovna]);
    expect(electron.blockers.size).toBe(1);
    expect(electron.window.setProgressBar.mock.calls).toEqual([[2]]);
    studio.setJobs([]);
    expect(electron.blockers.size).toBe(0);
    expect(electron.window.setProgressBar).toHaveBeenLastCalledWith(-1);
    expect(electron.window.flashFrame).toHaveBeenCalledWith(true);
  });

  it('Linux is not told that a job is done when it begins', async () => {
    await start({ platform: 'linux' });
    studio.setJobs([nanovna]);
    expect(electron.blockers.size).toBe(1);
    expect(electron.window.setProgressBar).not.toHaveBeenCalled();
  });
});
