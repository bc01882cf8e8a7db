// The agent inside the guest: connects to the host, proves itself with the token, and does as it is told until
// the connection ends. The second stage powers the machine off when this program ends.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { readLines } from '../lines.ts';
import type { AgentConfiguration, AgentMessage, AgentRequest } from '../messages.ts';
import { carryOut } from './commands.ts';

const configuration = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as AgentConfiguration;
const socket = connect({ host: configuration.host, port: configuration.port, noDelay: true });

function send(message: AgentMessage): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

socket.on('connect', () => socket.write(`${configuration.token}\n`));
socket.on('error', (error) => console.error(`rekindle: ${error.message}`));
socket.on('close', () => process.exit(0));
process.on('uncaughtException', (error) => console.error('rekindle: uncaught', error));

readLines(socket, (line) => {
  const request = JSON.parse(line) as AgentRequest;
  carryOut(request, send).then(
    (gives) => send({ id: request.id, kind: 'result', gives }),
    (error: unknown) => send({ id: request.id, kind: 'error', message: String(error) }),
  );
});
