export { saveBackup } from '../client/save-file.ts';
