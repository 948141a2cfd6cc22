// Operations of this page. Whoever is logged in stays so for this tab: a token that is over is exchanged once.
const KEPT = "plait:demo-login";
const LOGIN = "login { accessToken refreshToken user { id username } }";
const said = JSON.parse(document.getElementById("plait-settings")?.textContent || "{}");

export const demoLogins = said.logins ?? [];
export const demoTracks = said.tracks ?? [];

let login = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
// Milliseconds since 1970 by the server's clock, as the login told it: a listener's own may be wrong.
export const serverNow = () => Date.now() + (login?.ahead ?? 0);

let exchanging = null;
export const whoIsLoggedIn = () => login?.user ?? null;

export async function logIn(username, password) {
  const text = `mutation($input: LoginInput!) { login(input: $input) { ${LOGIN} errors { message } } }`;
  const { data, problem } = await send(text, { input: { usernameOrEmail: username, password } });
  if (!data?.login?.login) throw new Error(data?.login?.errors?.[0]?.message ?? problem ?? "You could not be logged in.");
  keep(data.login.login);
  return login.user;
}

export async function logOut() {
  const refreshToken = login?.refreshToken;
  keep(null);
  const text = "mutation($input: LogoutInput!) { logout(input: $input) { endedLogins } }";
  if (refreshToken) await send(text, { input: { refreshToken } });
}

// What came: { data, problem }. A query asks for `me { id }` where it needs somebody: without one the login is
// renewed and it is asked again. Throws LoggedOut when there is none left.
export async function ask(text, variables = {}, options = {}) {
  const answer = await send(text, variables, options);
  const isNobody = answer.data?.me === null && !answer.problem;
  if (!login || !(isNobody || answer.code === "UNAUTHENTICATED")) return answer;
  const problem = await (exchanging ??= exchange().finally(() => (exchanging = null)));
  if (problem) return { data: null, problem };
  return send(text, variables, options);
}

export class LoggedOut extends Error {
  code = 401;
  constructor() {
    super("Your login is over: log in again.");
  }
}

// What is wrong when nobody answers, else null.
async function exchange() {
  const text = `mutation($input: RefreshLoginInput!) { refreshLogin(input: $input) { ${LOGIN} } }`;
  const { data, problem } = await send(text, { input: { refreshToken: login.refreshToken } });
  if (problem) return problem;
  keep(data?.refreshLogin?.login ?? null);
  if (!login) throw new LoggedOut();
  return null;
}

function keep(given) {
  login = given && { ...given, ahead: issuedAt(given.accessToken) - Date.now() };
  if (given) sessionStorage.setItem(KEPT, JSON.stringify(login));
  else sessionStorage.removeItem(KEPT);
}

// When a token was made (RFC 7519, section 4.1.6), in milliseconds.
function issuedAt(token) {
  const claims = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(atob(claims)).iat * 1000;
}

async function send(query, variables, { keepalive = false } = {}) {
  const headers = { "content-type": "application/json", accept: "application/json" };
  if (login) headers.authorization = `Bearer ${login.accessToken}`;
  try {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(said.graphqlPath ?? "/graphql", { method: "POST", headers, body, keepalive, cache: "no-store", credentials: "omit" });
    const { data, errors } = await response.json();
    return { data, problem: errors?.[0]?.message ?? null, code: errors?.[0]?.extensions?.code };
  } catch {
    return { data: null, problem: "The graph does not answer." };
  }
}
