import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pageFiles } from '../../main/electron/page-files.ts';

const top = mkdtempSync(path.join(tmpdir(), 'rekindle-page-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
const folder = path.join(top, 'renderer');
mkdirSync(path.join(folder, 'assets'), { recursive: true });
writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Rekindle</title>');
writeFileSync(path.join(folder, 'assets', 'index-1.js'), 'export {};');
writeFileSync(path.join(folder, 'assets', 'index-1.css'), 'p {}');
writeFileSync(path.join(folder, 'assets', 'index-1.js.map'), '{}');
writeFileSync(path.join(top, 'secret.html'), 'secret');
symlinkSync(path.join(top, 'secret.html'), path.join(folder, 'link.html'));

const answer = pageFiles(folder);
const ask = (url: string, method = 'GET'): Promise<Response> => answer(new Request(url, { method }));

describe('the page scheme', () => {
  it.each([
    ['app://rekindle/', 'text/html; charset=utf-8', '<!doctype html><title>Rekindle</title>'],
    ['app://rekindle/index.html?x#y', 'text/html; charset=utf-8', '<!doctype html><title>Rekindle</title>'],
    ['app://rekindle/assets/index-1.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['app://rekindle/assets/index-1.css', 'text/css; charset=utf-8', 'p {}'],
  ])('serves %s', async (url, type, text) => {
    const response = await ask(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(text);
  });

  it.each([
    'app://rekindle/../secret.html',
    'app://rekindle/%2e%2e/secret.html',
    'app://rekindle/..%2fsecret.html',
    'app://rekindle/..%5csecret.html',
    'app://rekindle/..\\secret.html',
    'app://rekindle/assets/../../secret.html',
    'app://rekindle//etc/passwd',
    'app://rekindle/%00',
    'app://rekindle/index.html%00.js',
    'app://rekindle/INDEX.HTML',
    'app://rekindle/assets',
    'app://rekindle/assets/',
    'app://rekindle/link.html',
    'app://rekindle/assets/index-1.js.map',
    'app://rekindle/constructor',
    'app://rekindle/missing.js',
    'app://other/index.html',
    'https://rekindle/index.html',
  ])('does not serve %s', async (url) => {
    const response = await ask(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  it('answers reading only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await ask('app://rekindle/', method)).status).toBe(405);
    const head = await ask('app://rekindle/', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('sends a strict policy with every answer, refusals included', async () => {
    for (const url of ['app://rekindle/', 'app://rekindle/assets/index-1.js', 'app://rekindle/missing']) {
      const { headers } = await ask(url);
      const policy = (headers.get('content-security-policy') ?? '').split('; ');
      expect(policy).toEqual([
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
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('a file that has gone since is not there, and nothing breaks', async () => {
    const gone = path.join(folder, 'gone.svg');
    writeFileSync(gone, '<svg/>');
    const late = pageFiles(folder);
    expect((await late(new Request('app://rekindle/gone.svg'))).status).toBe(200);
    unlinkSync(gone);
    expect((await late(new Request('app://rekindle/gone.svg'))).status).toBe(404);
  });
});
