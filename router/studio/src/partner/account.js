// The key is kept for this tab's session alone; the account is what the router says about it.
const KEY = "plait:partner-key";
const said = JSON.parse(document.getElementById("plait-settings")?.textContent || "{}");

export const keptKey = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set: (key) => sessionStorage.setItem(KEY, key),
  forget: () => sessionStorage.removeItem(KEY),
};

const address = (path) => new URL(path, window.location.origin).toString();
const keyHeader = said.keyHeader ?? "authorization";
const withKey = (key) => ({ [keyHeader]: keyHeader === "authorization" ? `Bearer ${key}` : key });

// Gives the account, or throws an Error in the router's words.
export async function fetchAccount(key) {
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error("A key has letters, digits and underscores only. Copy it again, all of it.");
  const answer = await asked(address(said.accountPath ?? "partner/account"), { headers: withKey(key) });
  if (answer.errors) throw new Error(answer.errors[0].message);
  return { ...answer, keyHeader, url: address(answer.graphqlPath), mcpUrl: answer.mcpPath && address(answer.mcpPath) };
}

export function run(account, key, body) {
  const headers = { ...withKey(key), "content-type": "application/json", accept: "application/json" };
  return asked(account.url, { method: "POST", headers, body: JSON.stringify(body) });
}

async function asked(url, options) {
  let response;
  try {
    response = await fetch(url, { cache: "no-store", credentials: "omit", ...options });
  } catch {
    throw new Error("The router cannot be reached.");
  }
  try {
    return await response.json();
  } catch {
    throw new Error(`The router answered with ${response.status} and no JSON.`);
  }
}

// The JSON of a call: an id, the name where a document has several operations, variables if there are any.
export function bodyOf(operation, variables) {
  const body = { documentId: operation.id };
  if (operation.operationName) body.operationName = operation.operationName;
  if (Object.keys(variables).length) body.variables = variables;
  return body;
}
