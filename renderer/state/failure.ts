export { failureOf, type Failure } from '../client/errors.ts';
