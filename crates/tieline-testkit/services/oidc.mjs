// An OpenID Connect provider on loopback. Says its port on standard output. People come in without a
// page: whoever was named last by POST /control is signed in at once. Options, as JSON in the first
// argument: client, secret, redirect, and people (claims by subject).
import { createServer } from "node:http";
import Provider from "oidc-provider";

const options = JSON.parse(process.argv[2]);
let person = Object.keys(options.people)[0];
const now = Date.now;

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const port = server.address().port;
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: options.client,
        client_secret: options.secret,
        redirect_uris: [options.redirect],
      },
    ],
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name", "preferred_username"],
    },
    // As the standard has it: what a scope opens is asked for apart.
    conformIdTokenClaims: options.apart ?? true,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true, methods: ["S256"] },
    cookies: { keys: ["for tests alone"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...options.people[id] }),
    }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    route(provider, answer, request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  process.stdout.write(JSON.stringify({ port }) + "\n");
});

async function route(provider, answer, request, response) {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/control") {
    person = url.searchParams.get("person") ?? person;
    const ahead = Number(url.searchParams.get("ahead") ?? 0);
    Date.now = () => now() + ahead * 1000;
    return response.writeHead(204).end();
  }
  if (url.pathname.startsWith("/elsewhere/")) {
    const location = url.pathname.replace("/elsewhere", "");
    return response.writeHead(302, { location }).end();
  }
  if (!url.pathname.startsWith("/interaction/")) return answer(request, response);
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (person === "nobody") {
    const denied = { error: "access_denied", error_description: "stopped there" };
    return provider.interactionFinished(request, response, denied);
  }
  if (prompt.name === "login") {
    const login = { login: { accountId: person, remember: false } };
    return provider.interactionFinished(request, response, login);
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, consent, { mergeWithLastSubmission: true });
}
process.stdin.on("end", () => process.exit(0)).resume();
