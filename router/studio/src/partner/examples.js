// How an operation is called, as text to copy. Values stand in them as the language writes them, whatever they hold.
// The key is never part of an example: it is read from the environment.
export const EXAMPLES = { curl, Python: python, TypeScript: typescript };

// `call` is {url, keyHeader, body}; body is the JSON that is sent.
function curl({ url, keyHeader, body }) {
  return [
    `curl ${quoted(url)} \\`,
    `  -H "${keyHeader}: ${keyHeader === "authorization" ? "Bearer " : ""}$PLAIT_KEY" \\`,
    "  -H 'content-type: application/json' \\",
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join("\n");
}

function python({ url, keyHeader, body }) {
  const key = keyHeader === "authorization" ? `f"Bearer {os.environ['PLAIT_KEY']}"` : `os.environ["PLAIT_KEY"]`;
  return `import json
import os
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(url)},
    json.dumps(${pythonLiteral(body, "    ")}).encode(),
    {"${keyHeader}": ${key}, "content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    print(json.load(response))
`;
}

function typescript({ url, keyHeader, body }) {
  const key = keyHeader === "authorization" ? "`Bearer ${process.env.PLAIT_KEY}`" : "process.env.PLAIT_KEY!";
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: { "${keyHeader}": ${key}, "content-type": "application/json" },
  body: JSON.stringify(${indented(JSON.stringify(body, null, 2), "  ")}),
});
const answer: { data?: unknown; errors?: { message: string }[] } = await response.json();
console.log(JSON.stringify(answer));
`;
}

// For a POSIX shell: nothing is special between single quotes but the quote itself.
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

const indented = (text, by) => text.replaceAll("\n", `\n${by}`);

function pythonLiteral(value, margin) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map((one) => pythonLiteral(one, margin)).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${pythonLiteral(one, margin)}`);
  return `{${entries.join(", ")}}`;
}

// What assistants are configured with.
export function mcpSettings(url, keyHeader) {
  const key = keyHeader === "authorization" ? "Bearer ${PLAIT_KEY}" : "${PLAIT_KEY}";
  return JSON.stringify({ mcpServers: { plait: { type: "http", url, headers: { [keyHeader]: key } } } }, null, 2);
}
