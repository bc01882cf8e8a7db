/**
 * The Content-Security-Policy of the page, whichever shell serves it: its own files and nothing else. Svelte sets its
 * templates through the one named Trusted Types policy; nothing else may turn text into markup or code.
 */
export const pagePolicy: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');
