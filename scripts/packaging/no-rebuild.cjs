// electron-builder asks before it rebuilds native modules and collects node_modules: neither is wanted here.
exports.default = () => false;
