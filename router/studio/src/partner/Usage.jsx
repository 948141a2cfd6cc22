// What was used of what there is, day by day (UTC).
export function Usage({ account }) {
  const { limits, use, operations } = account;
  const today = new Date().toISOString().slice(0, 10);
  const now = use.find(({ day }) => day === today) ?? { operations: 0, cost: 0 };
  const names = Object.fromEntries(operations.map(({ id, name }) => [id, name]));
  return (
    <article className="card" aria-labelledby="usage">
      <h1 id="usage">Usage and limits</h1>
      <dl className="limits">
        <Limit name="Operations today" used={now.operations} limit={limits.dailyOperations} />
        <Limit name="Cost today" used={now.cost} limit={limits.dailyCost} />
        <div><dt>Rate</dt><dd>{limits.rate ? `${limits.rate.count} in ${limits.rate.seconds} s` : "no limit of your own"}</dd></div>
        <div><dt>Cost of one operation</dt><dd>{limits.maxCost ?? "no limit of your own"}</dd></div>
      </dl>
      <h2>By day</h2>
      {!use.length && <p className="quiet">Nothing yet.</p>}
      {use.length > 0 && (
        <table>
          <thead><tr><th scope="col">Day</th><th scope="col">Operations</th><th scope="col">Which</th><th scope="col">Errors by code</th></tr></thead>
          <tbody>
            {use.map((day) => (
              <tr key={day.day}>
                <th scope="row">{day.day}</th>
                <td>{day.operations}</td>
                <td><Counts of={day.byOperation} names={names} /></td>
                <td><Counts of={day.codes} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}

function Limit({ name, used, limit }) {
  const told = Math.round(used * 100) / 100;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {limit ? `${told} of ${limit}` : told}
        {limit && <progress aria-label={name} max={limit} value={Math.min(used, limit)} />}
      </dd>
    </div>
  );
}

function Counts({ of, names = {} }) {
  const entries = Object.entries(of).sort(([, a], [, b]) => b - a);
  if (!entries.length) return "–";
  return (
    <ul className="counts">
      {entries.map(([name, count]) => <li key={name}><code>{names[name] ?? name}</code> {count}</li>)}
    </ul>
  );
}
