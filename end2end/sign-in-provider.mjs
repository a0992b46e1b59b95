// A certified OpenID provider, for journeys that sign in there. People are whoever they say; their roles are set here.
import { once } from 'node:events';
import Provider from 'oidc-provider';
import { freePort } from './stacker-server.mjs';

export class SignInProvider {
  /** What the provider says of somebody's role, by their login. Nothing until it is set. @type {Map<string, string>} */
  roles = new Map();

  /** While it is: whatever our server asks is answered 503. People see its pages still. */
  isDown = false;

  /** While it is: our server is not told where its pages are either. @type {boolean} */
  isGone = false;

  /** @param {string} returnTo the address of ours that it may send browsers back to */
  static async start(returnTo) {
    const provider = new SignInProvider();
    provider.port = await freePort();
    // Another host than the server's, so that neither sees the cookies of the other.
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
      // So short that every journey needs a refresh.
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
