import type { BoardsSnapshot } from '../../shared/contract/boards.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { BoardsSeen } from '../jobs/board-watch.ts';
import type { StudioParts } from './context.ts';
import { studio } from './implement.ts';

function snapshotOf(parts: StudioParts, { boards, problem, looked }: BoardsSeen): BoardsSnapshot {
  return {
    boards,
    problem: problem === undefined ? undefined : { ...problem, code: problem.code as ErrorCode },
    virtualBoards: parts.virtualBoards.names,
    looked,
  };
}

export const boards = {
  list: studio.boards.list.handler(({ context: { parts } }) => snapshotOf(parts, parts.boards.seen.value)),
  watch: studio.boards.watch.handler(async function* ({ context: { parts }, signal }) {
    for await (const seen of parts.boards.seen.watch(signal ?? AbortSignal.abort())) {
      yield snapshotOf(parts, seen);
    }
  }),
  refresh: studio.boards.refresh.handler(async ({ context: { parts } }) => {
    await parts.boards.refresh();
    return snapshotOf(parts, parts.boards.seen.value);
  }),
  tell: studio.boards.tell.handler(({ context: { parts }, input }) =>
    parts.boards.tell(input.portPath, input.profile),
  ),
  plugVirtual: studio.boards.plugVirtual.handler(({ context: { parts }, input: { board, ...options } }) =>
    parts.virtualBoards.plug(board, options),
  ),
  act: studio.boards.act.handler(({ context: { parts }, input: { portPath, action } }) =>
    parts.virtualBoards.act(portPath, action),
  ),
  practiceFile: studio.boards.practiceFile.handler(({ context: { parts }, input }) => {
    const { name, bytes, address } = parts.virtualBoards.image(input.board);
    return { name, content: new Blob([bytes]), address: address ?? null };
  }),
  unplugVirtual: studio.boards.unplugVirtual.handler(({ context: { parts }, input }) =>
    parts.virtualBoards.unplug(input.portPath),
  ),
};
