// The contract as methods to call, over any channel.
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { StudioContract } from '../../shared/contract/contract.ts';
import type { Frame, PageChannel } from './channel.ts';

type LinkedPort = ConstructorParameters<typeof RPCLink>[0]['port'];

export type StudioClient = ContractRouterClient<StudioContract>;

/**
 * Calls methods of the core. Every frame that was taken is acknowledged, which is how the core knows that the page
 * keeps up.
 */
export function connect(channel: PageChannel): StudioClient {
  let taken = 0;
  const port = {
    addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
      if (type === 'message')
        channel.onFrame((data) => {
          taken++;
          listener({ data });
          channel.post(`ack:${taken}`);
        });
      else if (type === 'close') channel.onClose(() => listener({ data: undefined }));
    },
    postMessage: (frame: Frame): void => channel.post(frame),
  };
  return createORPCClient(new RPCLink({ port: port as unknown as LinkedPort }));
}
