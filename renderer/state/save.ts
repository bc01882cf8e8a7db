export { saveBackup, saveHistory, saveText, type BackupFormat } from '../client/save-file.ts';
