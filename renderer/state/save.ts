export { saveBackup, saveBatchTable, saveHistory, saveText, type BackupFormat } from '../client/save-file.ts';
