// A backup holds one board's settings and calibration: on another board of its kind they are wrong, and look right.
import { sameUnit } from '../../../shared/backup-record.ts';
import { ask, tell, type Check } from './check.ts';

export const otherUnit: Check = {
  id: 'other-unit',
  find({ board, request }) {
    const { backupOf } = request;
    if (backupOf === undefined || request.accept?.has('other-unit') === true) return [];
    const { unit } = backupOf;
    switch (sameUnit(unit, board)) {
      case 'yes':
        return [];
      case 'no': {
        const detail = `${backupOf.board}, serial ${unit.serial}`;
        return [ask({ id: 'restore-on-other-unit', flag: '--accept other-unit', detail })];
      }
      case 'unknown':
        return [tell({ code: 'unit-unproven', portPath: unit.portPath })];
    }
  },
};
