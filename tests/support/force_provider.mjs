// A force's identity provider for tests: npm's oidc-provider, certified, with a few invented people.
// Started by tests/support/force_provider.py with what it needs to know as JSON in its first argument.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(process.argv[2]);
const require = createRequire(pathToFileURL(`${asked.modules}/`));
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));

// Whoever signs in is whom they say they are: the login form takes any password.
const account = (_, name) => {
  const claims = asked.people[name];
  return claims && { accountId: name, claims: () => ({ sub: claims.sub ?? name, ...claims }) };
};

const provider = new Provider(asked.issuer, {
  clients: [
    {
      client_id: asked.client_id,
      client_secret: asked.client_secret,
      redirect_uris: asked.back_to,
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: asked.secret_in_body ? "client_secret_post" : "client_secret_basic",
    },
  ],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  claims: { openid: ["sub"], profile: ["staff_no", "groups"] },
  conformIdTokenClaims: false, // what the server needs stands in the ID token, as with other providers
  findAccount: account,
  jwks: { keys: asked.keys },
  cookies: { keys: ["a test"] },
});

provider.listen(asked.port, "127.0.0.1", () => console.log("ready"));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0)); // when whoever started it has gone
