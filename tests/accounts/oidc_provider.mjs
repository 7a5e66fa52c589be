// A certified OpenID Connect provider on a free port of this machine, for tests.
//
// node tests/accounts/oidc_provider.mjs REDIRECT_URI; prints its issuer when it listens. Whom it
// signs in stands in `login_hint`: NAME or NAME+mfa; what they are in ACCOUNTS.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { Provider } = await import(require.resolve("oidc-provider"));

const ACCOUNTS = {
  lan: { name: "Nguyễn Thị Lan", preferred_username: "lan", groups: ["staff", "gis-editors"] },
  boss: { name: "The Boss", preferred_username: "boss", groups: ["gis-admins"] },
  guest: { name: "A Guest", preferred_username: "guest", groups: ["visitors"] },
};
const [redirect] = process.argv.slice(2);

const server = createServer((request, response) => handle(request, response));
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "cotmoc",
      client_secret: "a secret between the two",
      redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  claims: { openid: ["sub", "amr"], profile: ["name", "preferred_username"], groups: ["groups"] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...ACCOUNTS[id] }),
  }),
  async loadExistingGrant(context) {
    const { client, session } = context.oidc;
    const grant = new context.oidc.provider.Grant({
      clientId: client.clientId,
      accountId: session.accountId,
    });
    grant.addOIDCScope("openid profile groups");
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();

async function handle(request, response) {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  const { params } = await provider.interactionDetails(request, response);
  const [accountId, mfa] = String(params.login_hint).split("+");
  const refused = { error: "access_denied", error_description: "nobody of that name" };
  const login = { accountId, amr: mfa ? ["pwd", "mfa"] : ["pwd"] };
  const result = accountId in ACCOUNTS ? { login } : refused;
  return provider.interactionFinished(request, response, result);
}
console.log(issuer);
