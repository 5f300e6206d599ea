// A standards-conformant OpenID provider for the tests: oidc-provider, which itself refuses what is not as it should be
// (PKCE, signed client assertions, pushed requests, DPoP). Who logs in, how surely, and what is then done to the ID
// token, is told over /_control. Nobody types anything: the login page answers at once.
import { createServer } from 'node:http';
import { SignJWT, decodeJwt, exportJWK, generateKeyPair, importJWK } from 'jose';
import { Provider } from 'oidc-provider';

const { clients, claims, acrValues } = JSON.parse(process.env.PROVIDER);
const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

async function keyPair(kid) {
  const { privateKey } = await generateKeyPair('PS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'PS256' };
}
const own = await keyPair('own');
const foreign = await keyPair('own');

const control = { account: {}, acr: '', change: {}, sign: 'own' };

const provider = new Provider(issuer, {
  clients,
  claims,
  acrValues,
  scopes: Object.keys(claims).filter((name) => name.includes('scope')),
  jwks: { keys: [own] },
  cookies: { keys: ['a-key-of-the-tests'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  ttl: { Session: 600, Grant: 600, Interaction: 600, IdToken: 300, AccessToken: 60, AuthorizationCode: 60 },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
  },
  clientAuthMethods: ['private_key_jwt'],
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...control.account }) }),
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(' '));
    grant.addOIDCClaims(['acr', 'auth_time']);
    await grant.save();
    return grant;
  },
});

// What an honest provider never does: the ID token is changed, and signed again.
provider.use(async (ctx, next) => {
  await next();
  if (ctx.path !== '/token' || !ctx.body?.id_token) return;
  const body = { ...decodeJwt(ctx.body.id_token), ...control.change };
  if (control.sign === 'none') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    ctx.body.id_token = `${part({ alg: 'none', kid: 'own' })}.${part(body)}.`;
    return;
  }
  const key = await importJWK(control.sign === 'own' ? own : foreign, 'PS256');
  ctx.body.id_token = await new SignJWT(body).setProtectedHeader({ alg: 'PS256', kid: 'own' }).sign(key);
});

const callback = provider.callback();
server.on('request', async (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (pathname === '/_control') {
    let text = '';
    for await (const chunk of request) text += chunk;
    Object.assign(control, { account: {}, acr: '', change: {}, sign: 'own', refuse: false }, JSON.parse(text));
    response.end('{}');
  } else if (pathname === '/_asked') {
    const uri = new URL(request.url, issuer).searchParams.get('request_uri');
    const pushed = await provider.PushedAuthorizationRequest.find(uri.split(':').pop());
    response.end(JSON.stringify(decodeJwt(pushed.request)));
  } else if (pathname.startsWith('/interaction/')) {
    const login = { accountId: `sub-${control.account.name ?? 'nobody'}`, acr: control.acr, amr: ['test'] };
    await provider.interactionFinished(request, response, control.refuse ? { error: 'access_denied' } : { login });
  } else {
    callback(request, response);
  }
});
console.log(issuer);
