// A certified OpenID provider for journeys. People sign in under any name, without a password; tests set their roles here.
import { once } from 'node:events';
import Provider from 'oidc-provider';
import { freePort } from './stacker-server.mjs';

export class SignInProvider {
  /** The role that the provider returns for each login. A login without an entry has no role. @type {Map<string, string>} */
  roles = new Map();

  /** While true, every request of our server is answered 503. Its pages still work in browsers. */
  isDown = false;

  /** While true, the discovery document is not available to our server either. @type {boolean} */
  isGone = false;

  /** @param {string} returnTo the callback address of our server */
  static async start(returnTo) {
    const provider = new SignInProvider();
    provider.port = await freePort();
    // A host other than the server's, so that neither receives the cookies of the other.
    provider.issuer = `http://localhost:${provider.port}`;
    provider.client = { client_id: 'stacker', client_secret: 'known-to-these-tests-only-0123456789' };
    const account = (id) => ({ accountId: id, claims: () => ({ sub: id, name: `${id} of the provider`, email: `${id}@example.org`, role: provider.roles.get(id) }) });
    provider.oidc = new Provider(provider.issuer, {
      clients: [{ ...provider.client, redirect_uris: [returnTo], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }],
      claims: { openid: ['sub'], profile: ['name', 'role'], email: ['email'] },
      findAccount: (_, id) => account(id),
      issueRefreshToken: () => true,
      pkce: { required: () => true },
      cookies: { keys: ['known-to-these-tests-only'] },
      // Tokens expire so soon that every journey needs a refresh.
      ttl: { AccessToken: 2, RefreshToken: 3600, Grant: 3600, Session: 3600, Interaction: 3600, IdToken: 3600, AuthorizationCode: 60 },
    });
    provider.oidc.use(async (context, next) => {
      if (provider.isDown && ['/token', '/me'].includes(context.path)) context.throw(503);
      if (provider.isGone && context.path.startsWith('/.well-known/')) context.throw(503);
      await next();
    });
    provider.server = provider.oidc.listen(provider.port, 'localhost');
    await once(provider.server, 'listening');
    return provider;
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
