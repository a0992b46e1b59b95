// The service that servers ask for the owner of a bearer token. Here it knows everybody, and a user's token is their name.
import { createServer } from 'node:http';

/** Runs until this process ends. @returns {Promise<string>} its address */
export function startProvider() {
  const provider = createServer((request, response) => {
    const name = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const known = /^[a-z]{1,20}$/.test(name);
    const user = {
      _id: name,
      email: `${name}@example.com`,
      email_confirmed: true,
      role: 'group_user',
      currency: null,
      password_change_required: null,
      billing_first_name: null,
      billing_last_name: null,
      deployments_left: null,
    };
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(known ? { user } : {}));
  });
  provider.unref();
  return new Promise((resolve) => {
    provider.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${provider.address().port}/me`));
  });
}
