// @ts-check
/**
 * Takes the place of @vscode/spdlog in the test server. The original is C++ that would have to be compiled; without any, VS Code writes
 * no log files, and since the Output view shows log files, it would stay empty.
 */
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

/** spdlog's levels in their order. */
const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  /** @param {string} _kind @param {string} _name @param {string} file */
  constructor(_kind, _name, file) {
    this.file = file;
    this.level = LEVELS.indexOf('info');
    this.withPrefix = true;
    this.open = true;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, '');
  }
  /** @param {string} name @param {string} message */
  write(name, message) {
    if (!this.open || LEVELS.indexOf(name) < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.file, this.withPrefix ? `${time} [${name}] ${message}\n` : message);
  }
  /** @param {string} message */
  trace(message) {
    this.write('trace', message);
  }
  /** @param {string} message */
  debug(message) {
    this.write('debug', message);
  }
  /** @param {string} message */
  info(message) {
    this.write('info', message);
  }
  /** @param {string} message */
  warn(message) {
    this.write('warning', message);
  }
  /** @param {string} message */
  error(message) {
    this.write('error', message);
  }
  /** @param {string} message */
  critical(message) {
    this.write('critical', message);
  }
  getLevel() {
    return this.level;
  }
  /** @param {number} level */
  setLevel(level) {
    this.level = level;
  }
  setPattern() {
    this.withPrefix = true;
  }
  clearFormatters() {
    this.withPrefix = false;
  }
  flush() {}
  drop() {
    this.open = false;
  }
}

/** @param {string} name @param {string} file */
const createLogger = async (name, file) => new Logger('rotating', name, file);

module.exports = {
  version: 0,
  setLevel() {},
  setFlushOn() {},
  shutdown() {},
  Logger,
  createRotatingLogger: createLogger,
  createAsyncRotatingLogger: createLogger,
};
