export { saveBackup, saveText, type BackupFormat } from '../client/save-file.ts';
