// Runs the audits of graphql-http on the endpoint given and prints their verdicts.
import { serverAudits } from 'graphql-http';

const [url, headers] = process.argv.slice(2);
const always = JSON.parse(headers ?? '{}');
const fetchFn = (to, init = {}) => fetch(to, { ...init, headers: { ...always, ...init.headers } });

const verdicts = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const { status, reason } = await audit.fn();
  verdicts.push({ id: audit.id, name: audit.name, status, reason });
}
console.log(JSON.stringify(verdicts));
