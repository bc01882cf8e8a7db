// libusb's resets and alternate-setting changes run on libuv's pool without limit or cancel: one that hangs must not
// stop files, hashing and other boards. Read when the pool is first used, so every shell imports this first.
process.env['UV_THREADPOOL_SIZE'] ??= '32';
