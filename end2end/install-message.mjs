// What an installer of version 0.2.1 expects of an install message, key by key; the order of keys does not matter.
import { brotliDecompressSync } from 'node:zlib';

const isText = (value) => typeof value === 'string';
const isInteger = Number.isInteger;
const isBoolean = (value) => typeof value === 'boolean';
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmptyObject = (value) => isObject(value) && Object.keys(value).length === 0;
const isByte = (value) => isInteger(value) && value >= 0 && value <= 255;
const isAnything = () => true;
const isNull = (value) => value === null;
const orNull = (is) => (value) => value === null || is(value);
const listOf = (is) => (value) => Array.isArray(value) && value.every(is);

/** All of these must be there, even when null. */
const keys = {
  id: orNull(isInteger),
  project_id: isInteger,
  user_token: isText,
  user_email: isText,
  user_id: isNull,
  provider: isText,
  cloud_token: orNull(isText),
  cloud_key: orNull(isText),
  cloud_secret: orNull(isText),
  save_token: orNull(isBoolean),
  region: orNull(isText),
  zone: orNull(isText),
  server: orNull(isText),
  os: orNull(isText),
  disk_type: orNull(isText),
  srv_ip: orNull(isText),
  ssh_port: orNull(isInteger),
  ssh_user: orNull(isText),
  stack_code: orNull(isText),
  // Their contents were always thrown away.
  vars: orNull(listOf(isEmptyObject)),
  integrated_features: orNull(listOf(isAnything)),
  extended_features: orNull(listOf(isAnything)),
  subscriptions: orNull(listOf(isText)),
  form_app: orNull(listOf(isText)),
  custom: isObject,
  docker_compose: listOf(isByte),
};

/** What was added since, and must be there too: with these a deployment can be recognised. */
const additions = { deployment_id: isInteger, deployment_hash: isText };

/** What installers of version 0.3 read, where there is any. */
const optional = new Set(['registry', 'environment', 'commonDomain', 'config_files']);

/** The compose file, as such an installer reads it: nothing else in the message says what to start. @returns {string} */
export function composeOf(message) {
  const bytes = brotliDecompressSync(Uint8Array.from(message.docker_compose));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** What is wrong with a message, one sentence for each; nothing when it is right. @returns {string[]} */
export function problemsOf(message) {
  if (!isObject(message)) return ['it is not an object'];
  const problems = [];
  const known = { ...keys, ...additions };
  for (const [key, is] of Object.entries(known)) {
    if (!(key in message)) problems.push(`${key} is missing`);
    else if (!is(message[key])) problems.push(`${key} has the wrong type: ${typeof message[key]}`);
  }
  for (const key of Object.keys(message)) {
    if (!(key in known) && !optional.has(key)) problems.push(`${key} is not known`);
  }
  if (message.id !== message.deployment_id) problems.push('id and deployment_id differ');
  if (keys.docker_compose(message.docker_compose)) problems.push(...problemsOfCompose(message));
  return problems;
}

function problemsOfCompose(message) {
  let compose;
  try {
    compose = composeOf(message);
  } catch (error) {
    return [`docker_compose cannot be read: ${error.message}`];
  }
  const problems = [];
  if (!/^services:/m.test(compose)) problems.push('docker_compose has no services');
  // An installer has no other values for variables; `$$` is a dollar, and a default is fine.
  const open = compose.replaceAll('$$', '').match(/\$(\w+|\{\w+(?::?\?[^}]*)?\})/);
  if (open) problems.push(`docker_compose has a variable without a value: ${open[0]}`);
  return problems;
}
