// Serves a Twilio Function with Twilio's own runtime handler, the local half of
// its Serverless Toolkit, until it is told to stop.
//
// Arguments: HOST PORT FOLDER, which holds functions/decide.protected.js
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.IVRC_HOSTS, 'x.js'));
const { LocalDevelopmentServer } = require('@twilio/runtime-handler/dev');
const [host, port, folder] = process.argv.slice(2);
const filePath = path.join(folder, 'functions', 'decide.protected.js');
const server = new LocalDevelopmentServer(Number(port), {
  baseDir: process.env.IVRC_HOSTS, // where it finds Twilio's library
  env: {}, port: Number(port), url: 'http://' + host + ':' + port, detailedLogs: false, live: false, logs: false,
  legacyMode: false, appName: 'ivrc', forkProcess: false, enableDebugLogs: false,
  routes: { assets: [], functions: [{ access: 'protected', name: 'decide', path: '/decide', filePath, content: '' }] },
});
const listening = server.getApp().listen(Number(port), host);
process.on('SIGINT', () => {
  listening.close(() => process.exit(0));
  listening.closeAllConnections();
});
