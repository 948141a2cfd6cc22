// What this person listened to last, as the graph has it.
import { asTime } from "./listen.js";

export function History({ history, onRefresh }) {
  return (
    <section className="card" aria-labelledby="history">
      <h2 id="history">Your history</h2>
      {history === undefined && <p>Loading…</p>}
      {history === null && <p role="alert" className="problem">Your history does not answer. <button type="button" onClick={onRefresh}>Ask again</button></p>}
      {history && <p className="quiet">{history.totalCount} plays in all.</p>}
      <ol className="history">
        {history?.nodes.map((play) => (
          <li key={play.startedAt}>
            <strong>{play.track?.title ?? "A track that is gone"}</strong>
            <span className="quiet">{new Date(play.startedAt).toLocaleString()} · {asTime(play.listenedSeconds)} · {play.isCounted ? "counts as a play" : "too short to count, or not believed"}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
