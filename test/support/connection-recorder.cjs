// Preloaded into a program under test: every connection it makes and every name it looks up is noted in a file, from below Node's own modules.
'use strict';
const { appendFileSync } = require('node:fs');
const dns = require('node:dns');
const dgram = require('node:dgram');
const net = require('node:net');

const file = process.env.REKINDLE_CONNECTIONS;
const write = (what, ...where) => appendFileSync(file, `${what} ${JSON.stringify(where)}\n`);

// An address is looked up as well before a server listens on it, and nobody is asked.
const note = (what, ...where) => {
  if (what !== 'name' || net.isIP(where[0]) === 0) write(what, ...where);
};

function listen(object, name, what) {
  const real = object[name];
  if (typeof real !== 'function') throw new Error(`there is no ${name} to listen to`);
  object[name] = function (...all) {
    note(what, ...all.filter((one) => ['string', 'number'].includes(typeof one)));
    return Reflect.apply(real, this, all);
  };
}

// Below tls, http, https, fetch and WebSocket alike.
const { TCP } = process.binding('tcp_wrap');
listen(TCP.prototype, 'connect', 'tcp');
listen(TCP.prototype, 'connect6', 'tcp');
listen(net.Socket.prototype, 'connect', 'socket');
listen(dgram.Socket.prototype, 'send', 'udp');
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  listen(dns, name, 'name');
  listen(dns.promises, name, 'name');
}
note('recorder', 'ready');
