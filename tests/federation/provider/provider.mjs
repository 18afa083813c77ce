// The certified OpenID provider that the tests log in with, on loopback. One line of JSON on standard input tells
// issuer, port and keys; "ready" on standard output says that it listens. POST /test/keys puts other keys in force.
import { createServer } from "node:http";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

const [line] = await once(createInterface({ input: process.stdin }), "line");
const { issuer, port, jwks, people, clients } = JSON.parse(line);
// Whoever started this holds the pipe; with it gone, nobody needs this process any more.
process.stdin.on("close", () => process.exit(0));

function made(keys) {
  const provider = new Provider(issuer, {
    jwks: keys,
    clients,
    acrValues: ["urn:example:password", "urn:example:strong"],
    claims: { openid: ["sub"], identity: ["id_number", "name", "phone_number", "id_verified"] },
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  return provider.callback();
}

let serve = made(jwks);
const server = createServer(async (request, response) => {
  if (request.method === "POST" && request.url === "/test/keys") {
    const parts = [];
    for await (const part of request) parts.push(part);
    serve = made(JSON.parse(Buffer.concat(parts).toString()));
    response.end("{}");
    return;
  }
  serve(request, response);
});
server.listen(port, "127.0.0.1", () => process.stdout.write(`ready ${server.address().port}\n`));
