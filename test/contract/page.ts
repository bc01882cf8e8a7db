// What a page does over and over, for tests of the contract.
import type { StudioClient } from '../../renderer/client/connect.ts';
import { failureOf } from '../../renderer/client/errors.ts';
import { watchJobs } from '../../renderer/client/watch-jobs.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';

export async function openImage(
  client: StudioClient,
  bytes: Uint8Array,
  name = 'firmware.dfu',
): Promise<string> {
  const { id } = await client.images.begin({ name, bytes: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += 65_536) {
    const chunk = new Blob([new Uint8Array(bytes.subarray(offset, offset + 65_536))]);
    await client.images.append({ id, offset, chunk });
  }
  return id;
}

export async function plugged(client: StudioClient, board = 'nanovna-h'): Promise<string> {
  const { portPath } = await client.boards.plugVirtual({ board });
  for await (const { boards } of await client.boards.watch({})) {
    if (boards.some((one) => one.portPath === portPath)) break;
  }
  return portPath;
}

export async function untilEnded(client: StudioClient, id: string): Promise<JobSnapshot> {
  for await (const jobs of watchJobs(client)) {
    const job = jobs.find((one) => one.id === id);
    if (job?.result !== undefined) return job;
  }
  throw new Error('the watch ended');
}

export async function refused(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return failureOf(error).code;
  }
  return 'nothing';
}
