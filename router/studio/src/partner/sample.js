// A value that fits a JSON schema of variables: what the editor shows before anything is typed.
const TEXTS = { "date-time": "2026-01-31T12:00:00Z", date: "2026-01-31", time: "12:00:00", email: "ada@example.com", uri: "https://example.com/", uuid: "123e4567-e89b-12d3-a456-426614174000" };
const PLAIN = { string: "text", integer: 1, number: 1, boolean: true };

// What has to be sent, and what has a default, as it is; what may be left out is left out.
export function sampleOf(schema) {
  return objectOf(schema, schema.$defs ?? {}, []);
}

function objectOf(schema, definitions, within) {
  const entries = Object.entries(schema.properties ?? {});
  const wanted = schema.minProperties ? entries.slice(0, 1) : entries.filter(([name, inner]) => schema.required?.includes(name) || "default" in inner);
  return Object.fromEntries(wanted.map(([name, inner]) => [name, valueOf(inner, definitions, within)]));
}

function valueOf(schema, definitions, within) {
  if ("default" in schema) return schema.default;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf?.[0];
  if (choice) return valueOf(choice, definitions, within);
  if (schema.$ref) {
    const name = schema.$ref.replace("#/$defs/", "");
    return within.includes(name) ? null : objectOf(definitions[name], definitions, [...within, name]);
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array") return [valueOf(schema.items, definitions, within)];
  return TEXTS[schema.format] ?? PLAIN[type] ?? "text";
}
