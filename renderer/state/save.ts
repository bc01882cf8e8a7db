export { saveBackup, saveText } from '../client/save-file.ts';
